package staff

import (
	"net/http"

	"sportello/assistant/access"
)

// own is the part that the frame itself is: signing in, one's account, the list of tenants, the first page of each.
func (c *Console) own() Part {
	get := func(path string, s Scope, h Handler) Route {
		return Route{Method: http.MethodGet, Path: path, Scope: s, Handler: h}
	}
	post := func(path string, s Scope, h Handler) Route {
		return Route{Method: http.MethodPost, Path: path, Scope: s, Handler: h}
	}
	p := Part{
		Templates: templates,
		Settings:  c.pageSettings(),
		Steps:     c.steps,
		Menu: []MenuItem{
			{Label: "staff_menu_home", Path: "", Icon: "it-pa", Action: access.Enter, Order: 10},
			{Label: "office_menu", Path: "offices", Icon: "it-telephone", Action: access.ReadSettings, Order: 60},
			{Label: "settings_menu", Path: "settings", Icon: "it-settings", Action: access.ReadSettings, Order: 70},
			{Label: "audit_menu", Path: "audit", Icon: "it-list", Action: access.ReadAudit, Order: 90},
			{Label: "tokens_menu", Path: "tokens", Icon: "it-key", Action: access.EditTokens, Order: 95},
			{Label: "people_menu", Path: "people", Icon: "it-user", Action: access.ReadPeople, Order: 80},
			{Label: "tenants_menu", Path: "tenants", Icon: "it-map-marker", Action: access.EditTenants, Order: 85},
		},
		Routes: []Route{
			get("/staff/login", Open, c.loginPage), post("/staff/login", Open, c.login),
			get("/staff/login/code", Open, c.codePage), post("/staff/login/code", Open, c.code),
			get("/staff/link/{secret}", Open, c.linkPage), post("/staff/link/{secret}", Open, c.linkUse),
			get("/staff/setup/{secret}", Open, c.setupPage), post("/staff/setup/{secret}", Open, c.setupDo),
			get("/staff/setup/{secret}/comuni", Open, c.setupComuni),
			post("/staff/logout", Signed, c.logout),
			get("/staff/", Signed, c.tenantsPage),
			get("/staff/account", Signed, c.accountPage),
			post("/staff/account/password", Signed, c.changePassword),
			get("/staff/account/totp", Signed, c.totpPage), post("/staff/account/totp", Signed, c.totpOn),
			post("/staff/account/totp/off", Signed, c.totpOff),
			post("/staff/account/sessions/end", Signed, c.endSessions),
			post("/staff/account/sessions/{id}/end", Signed, c.endSession),
			Page("", access.Enter, c.home),

			Page("site", access.EditSettings, c.sitePage), Change("site", access.EditSettings, c.sitePublished),

			Page("people", access.ReadPeople, c.peoplePage), Change("people", access.EditPeople, c.invite),
			Page("people/{id}", access.ReadPeople, c.personPage),
			Change("people/{id}/grant", access.EditPeople, c.grant), Change("people/{id}/revoke", access.EditPeople, c.revoke),
			Change("people/{id}/link", access.EditPeople, c.personLink),
			Change("people/{id}/sessions/end", access.EditPeople, c.personSessions),
			Change("people/{id}/disable", access.EditPeople, c.changeAccount("disable")),
			Change("people/{id}/enable", access.EditPeople, c.changeAccount("enable")),
			Change("people/{id}/erase", access.EditPeople, c.erasePerson),
			Change("people/{id}/totp", access.EditPeople, c.changeAccount("totp")),
		},
	}
	for _, more := range [][]Route{c.treeRoutes(), c.officeRoutes(), c.auditRoutes(), c.settingRoutes(), c.tokenRoutes(), c.oidcRoutes(), c.apiRoutes()} {
		p.Routes = append(p.Routes, more...)
	}
	return p
}
