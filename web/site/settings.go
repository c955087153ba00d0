package site

// Keys of the settings that the citizens' pages read.
const (
	SettingLanguages     = "page.languages" // tags separated by spaces
	SettingNotice        = "page.notice"
	SettingTerms         = "page.terms"  // the tenant's own words explained, see locales/terms
	SettingColour        = "page.colour" // "#0059b3"
	SettingLogo          = "page.logo"   // name of a picture
	SettingAccessibility = "links.accessibility"
	SettingPrivacy       = "links.privacy"
	SettingLegal         = "links.legal"
	SettingFAQ           = "links.faq"
	SettingReport        = "links.report"
	SettingWidget        = "widget.origins" // one origin a line, "https://www.comune.example.it"
)

// Languages are the tags that SettingLanguages chooses from, in the order of the menu.
func Languages() []string {
	return []string{"it", "en", "fr", "de", "es", "ro", "sq", "ar", "uk", "zh"}
}
