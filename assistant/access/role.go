// Package access says who may do what in the staff console, and how a person proves who they are: roles and actions in one table,
// passwords (argon2id), codes of an authenticator (TOTP), recovery codes, and secrets that are handed out once.
//
// It is pure: it stores nothing, knows no tenant and no request. Who has which role where is kept by assistant/store; web/staff
// asks May on every route.
package access

import "slices"

// Role is what a person is in a tenant. A role in a provincia or unione holds for all the tenants below it.
type Role string

// The roles, from the widest to the narrowest.
const (
	Territory   Role = "territory"   // administrator of a territory: the tree of tenants too
	Tenant      Role = "tenant"      // administrator of a tenant
	Segretario  Role = "segretario"  // the comune's secretary (art. 97 d.lgs. 267/2000): answers for what is in force
	Editor      Role = "editor"      // keeps documents and answers in order
	Clerk       Role = "clerk"       // istruttore, responsabile: answers citizens, searches
	Facilitator Role = "facilitator" // helps citizens in person at a DigiPASS
	Auditor     Role = "auditor"     // reads everything, changes nothing
)

// Action is something that can be done in the console. The list is closed: a new page takes one of these, or adds one here
// together with its column in the table.
type Action string

// The actions.
const (
	Enter           Action = "enter"            // come into the tenant's console at all
	ReadDocuments   Action = "documents.read"   // also those for staff only, and all versions
	EditDocuments   Action = "documents.edit"   // upload, addresses, title, kind, dates, visibility
	RepealDocuments Action = "documents.repeal" // say what is in force: supersede, repeal, restore
	ReadQuestions   Action = "questions.read"   // what was asked, masked, and how it was answered
	EditAnswers     Action = "answers.edit"     // write approved answers, assign a question to an office
	TalkToCitizens  Action = "citizens.talk"    // answer questions left for an office, join a chat
	SwitchOff       Action = "assistant.switch" // turn the assistant or a subject off and on
	ReadSettings    Action = "settings.read"    // settings and offices
	EditSettings    Action = "settings.edit"    //
	ReadPeople      Action = "people.read"      // who has which role
	EditPeople      Action = "people.edit"      // invite, give roles, disable, end sessions
	EditTenants     Action = "tenants.edit"     // add tenants below, change their name and codes
	ReadAudit       Action = "audit.read"       //
	EditTokens      Action = "tokens.edit"      // make and revoke tokens of the program interface
	HelpCitizens    Action = "citizens.help"    // the facilitator's page
	EditWebhooks    Action = "webhooks.edit"    // say which programs are told what happens
	ReadActs        Action = "acts.read"        // acts that are being written
	EditActs        Action = "acts.edit"        // write them, comment, send them to review, export drafts
	ApproveActs     Action = "acts.approve"     // approve them for export, and export although something is open, with a reason
	EditTemplates   Action = "acts.templates"   // change the comune's templates of acts
	EditMinutes     Action = "minutes.edit"     // sessions of Giunta and Consiglio, their secret parts among them
)

var roles = []Role{Territory, Tenant, Segretario, Editor, Clerk, Facilitator, Auditor}

var actions = []Action{
	Enter, ReadDocuments, EditDocuments, RepealDocuments, ReadQuestions, EditAnswers, TalkToCitizens, SwitchOff,
	ReadSettings, EditSettings, ReadPeople, EditPeople, EditTenants, ReadAudit, EditTokens, HelpCitizens, EditWebhooks,
	ReadActs, EditActs, ApproveActs, EditTemplates, EditMinutes,
}

// table is the whole of the rights. A row is a role, a column an action in the order above; x is yes.
var table = rights(`
	             enter documents            questions answers talk switch settings   people     tenants audit tokens help webhooks acts                        minutes
	                   read edit repeal     read      edit                read edit  read edit  edit    read  edit      edit          read edit approve templates edit
	territory    x     x    x    x          x         x       x    x      x    x     x    x     x       x     x      x     x        x    x    x       x         x
	tenant       x     x    x    x          x         x       x    x      x    x     x    x     -       x     x      x     x        x    x    x       x         x
	segretario   x     x    x    x          x         x       x    x      x    -     x    -     -       x     -      x     -        x    x    x       x         x
	editor       x     x    x    x          x         x       x    -      x    -     -    -     -       -     -      x     -        x    x    -       x         x
	clerk        x     x    -    -          x         -       x    -      x    -     -    -     -       -     -      x     -        x    x    -       -         -
	facilitator  x     x    -    -          -         -       -    -      -    -     -    -     -       -     -      x     -        -    -    -       -         -
	auditor      x     x    -    -          x         -       -    -      x    -     x    -     -       x     -      -     -        x    -    -       -         -
`)

// Roles gives all roles, from the widest.
func Roles() []Role { return slices.Clone(roles) }

// Actions gives all actions, in the order of the table.
func Actions() []Action { return slices.Clone(actions) }

// May says whether the role allows the action. What is not in the table is not allowed.
func May(r Role, a Action) bool { return table[r][a] }

// MayAny says whether one of the roles allows the action.
func MayAny(held []Role, a Action) bool {
	return slices.ContainsFunc(held, func(r Role) bool { return May(r, a) })
}

// Known says whether there is such a role.
func (r Role) Known() bool { return slices.Contains(roles, r) }

// Known says whether there is such an action.
func (a Action) Known() bool { return slices.Contains(actions, a) }

// Covers says whether whoever holds the roles may do all that the role r allows: nobody gives a role wider than their own.
func Covers(held []Role, r Role) bool {
	for _, a := range actions {
		if May(r, a) && !MayAny(held, a) {
			return false
		}
	}
	return true
}

// Widest gives the roles in the order of Roles, each once.
func Widest(held []Role) []Role {
	var out []Role
	for _, r := range roles {
		if slices.Contains(held, r) {
			out = append(out, r)
		}
	}
	return out
}
