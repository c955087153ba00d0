package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

type userCmd struct {
	First   userFirstCmd   `cmd:"" help:"Print the link with which the first administrator comes in, on an installation where nobody is yet."`
	Add     userAddCmd     `cmd:"" help:"Add somebody to the staff console, with a role."`
	Invite  userInviteCmd  `cmd:"" help:"Print a link with which somebody chooses a password."`
	List    userListCmd    `cmd:"" help:"List people and their roles."`
	Disable userDisableCmd `cmd:"" help:"Keep somebody out, at once; --undo lets them in again."`
}

type userAddCmd struct {
	Email    string `arg:"" help:"E-mail address."`
	Name     string `help:"Name and surname (default: the address)." placeholder:"\"Maria Rossi\""`
	Tenant   string `help:"Slug of the tenant where the role holds; without one it holds in the whole installation." placeholder:"SLUG"`
	Role     string `default:"territory" help:"territory, tenant, segretario, editor, clerk, facilitator or auditor."`
	Password bool   `help:"Read the password from standard input instead of printing a link to choose it."`
}

func (cmd *userAddCmd) Help() string {
	return "The first person of a new installation:\n  sportello user add maria.rossi@comune.example.it --name \"Maria Rossi\"\n\n" +
		"It prints a link with which the person chooses a password. Adding somebody who is there already adds the role."
}

func (cmd *userAddCmd) Run(ctx context.Context, s *session) error {
	st, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer release(st)
	if cmd.Tenant == "" && access.Role(cmd.Role) != access.Territory && access.Role(cmd.Role) != access.Auditor {
		return fault.New(fault.Invalid, "the role %s is for one tenant: say which with --tenant", cmd.Role)
	}
	if !access.Role(cmd.Role).Known() {
		return fault.New(fault.Invalid, "there is no role %q: write one of %v", cmd.Role, access.Roles())
	}
	name := cmd.Name
	if name == "" {
		name = cmd.Email
	}
	encoded := ""
	if cmd.Password {
		if encoded, err = s.readPassword(ctx, cmd.Email, name); err != nil {
			return err
		}
	}
	p, err := st.AddPerson(ctx, store.ActorCommand, store.Person{Email: cmd.Email, Name: name, Password: encoded})
	known := fault.CodeOf(err) == fault.Conflict
	if known {
		p, err = st.PersonByEmail(ctx, cmd.Email)
	}
	if err != nil {
		return err
	}
	if err := st.Grant(ctx, store.ActorCommand, store.Member{Person: p.ID, Tenant: cmd.Tenant, Role: access.Role(cmd.Role)}); err != nil {
		return err
	}
	sayf(s.stdout, "%s: %s in %s\n", p.Email, cmd.Role, placeName(cmd.Tenant))
	if known || cmd.Password {
		return nil
	}
	return s.printLink(ctx, st, p, store.LinkInvite)
}

// readPassword reads one line, without showing it on a terminal.
func (s *session) readPassword(ctx context.Context, words ...string) (string, error) {
	var password string
	if terminal(os.Stdin) {
		sayf(s.stderr, "Password: ")
		b, err := term.ReadPassword(int(os.Stdin.Fd()))
		sayln(s.stderr)
		if err != nil {
			return "", fault.Wrap(fault.Invalid, err, "the password cannot be read")
		}
		password = string(b)
	} else {
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		if err != nil && err != io.EOF {
			return "", fault.Wrap(fault.Invalid, err, "the password cannot be read")
		}
		password = strings.TrimRight(line, "\r\n")
	}
	if err := access.CheckPassword(password, words...); err != nil {
		return "", err
	}
	h, err := access.NewHasher(1)
	if err != nil {
		return "", err
	}
	return h.Hash(ctx, password)
}

type userInviteCmd struct {
	Email string `arg:"" help:"E-mail address."`
}

func (cmd *userInviteCmd) Help() string {
	return "Also for somebody who forgot the password: the old one holds until another is chosen.\n\nExample:\n  sportello user invite maria.rossi@comune.example.it"
}

func (cmd *userInviteCmd) Run(ctx context.Context, s *session) error {
	st, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer release(st)
	p, err := st.PersonByEmail(ctx, cmd.Email)
	if err != nil {
		return err
	}
	kind := store.LinkInvite
	if p.Password != "" {
		kind = store.LinkReset
	}
	return s.printLink(ctx, st, p, kind)
}

// printLink makes a link that is good once and prints where it leads.
func (s *session) printLink(ctx context.Context, st *store.Store, p *store.Person, kind string) error {
	const good = 7 * 24 * time.Hour
	secret, err := st.NewLink(ctx, store.ActorCommand, store.Link{Kind: kind, Person: p.ID, Expires: time.Now().Add(good)})
	if err != nil {
		return err
	}
	sayf(s.stdout, "Link to choose the password, good once, for 7 days:\n  %s/staff/link/%s\n", s.cfg.address(), secret)
	return nil
}

type userListCmd struct {
	JSON bool `help:"Print JSON."`
}

type userJSON struct {
	ID       string   `json:"id"`
	Email    string   `json:"email"`
	Name     string   `json:"name"`
	Disabled bool     `json:"disabled"`
	TOTP     bool     `json:"totp"`
	Roles    []string `json:"roles"` // "editor in avella"
}

func (cmd *userListCmd) Run(ctx context.Context, s *session) error {
	st, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer release(st)
	people, err := st.People(ctx)
	if err != nil {
		return err
	}
	members, err := st.AllMemberships(ctx)
	if err != nil {
		return err
	}
	list := []userJSON{}
	for _, p := range people {
		u := userJSON{ID: p.ID, Email: p.Email, Name: p.Name, Disabled: p.Disabled, TOTP: p.TOTP != "", Roles: []string{}}
		for _, m := range members {
			if m.Person == p.ID {
				u.Roles = append(u.Roles, string(m.Role)+" in "+placeName(m.Tenant))
			}
		}
		list = append(list, u)
	}
	if cmd.JSON {
		return printJSON(s.stdout, list)
	}
	w := tabwriter.NewWriter(s.stdout, 0, 4, 2, ' ', 0)
	for _, u := range list {
		state := "active"
		if u.Disabled {
			state = "disabled"
		}
		sayf(w, "%s\t%s\t%s\t%s\n", u.Email, u.Name, state, strings.Join(u.Roles, ", "))
	}
	return w.Flush()
}

func placeName(tenant string) string {
	if tenant == store.Everywhere {
		return "the whole installation"
	}
	return tenant
}

type userDisableCmd struct {
	Email string `arg:"" help:"E-mail address."`
	Undo  bool   `help:"Let the person in again."`
}

func (cmd *userDisableCmd) Run(ctx context.Context, s *session) error {
	st, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer release(st)
	p, err := st.PersonByEmail(ctx, cmd.Email)
	if err != nil {
		return err
	}
	action, word := "person.disable", "disabled, all sessions ended"
	if cmd.Undo {
		action, word = "person.enable", "may come in again"
	}
	err = st.ChangePerson(ctx, store.ActorCommand, action, p.ID, "", func(p *store.Person) error {
		p.Disabled = !cmd.Undo
		return nil
	})
	if err != nil {
		return err
	}
	sayf(s.stdout, "%s: %s\n", p.Email, word)
	return nil
}
