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
	return Part{
		Templates: templates,
		Menu:      []MenuItem{{Label: "staff_menu_home", Path: "", Icon: "it-pa", Action: access.Enter, Order: 10}},
		Routes: []Route{
			get("/staff/login", Open, c.loginPage), post("/staff/login", Open, c.login),
			get("/staff/login/code", Open, c.codePage), post("/staff/login/code", Open, c.code),
			get("/staff/link/{secret}", Open, c.linkPage), post("/staff/link/{secret}", Open, c.linkUse),
			post("/staff/logout", Signed, c.logout),
			get("/staff/", Signed, c.tenantsPage),
			get("/staff/account", Signed, c.accountPage),
			post("/staff/account/password", Signed, c.changePassword),
			get("/staff/account/totp", Signed, c.totpPage), post("/staff/account/totp", Signed, c.totpOn),
			post("/staff/account/totp/off", Signed, c.totpOff),
			post("/staff/account/sessions/end", Signed, c.endSessions),
			post("/staff/account/sessions/{id}/end", Signed, c.endSession),
			Page("", access.Enter, c.home),
		},
	}
}
