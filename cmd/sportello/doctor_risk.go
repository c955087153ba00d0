package main

import (
	"time"

	"sportello/locales"
)

// risks looks at backups and at settings that are allowed and not wise.
func (c *config) risks(d *diagnosis, now time.Time) {
	switch made, err := []madeBackup(nil), error(nil); {
	case c.Backup.Folder == "" && c.Backup.S3.Address != "": // lastFailure speaks of it
	case c.Backup.Folder == "":
		d.add("backup", "missing", d.l.T("doctor_backup_none"), d.l.T("doctor_backup_none_fix"))
	default:
		if made, err = backupsIn(c.Backup.Folder); err != nil {
			d.add("backup", "failed", err.Error(), d.l.T("doctor_backup_folder_fix"))
			break
		}
		if len(made) == 0 {
			d.add("backup", "missing", d.l.T("doctor_backup_first", locales.Data{"Folder": c.Backup.Folder}), d.l.T("doctor_backup_first_fix"))
			break
		}
		last := made[len(made)-1]
		if now.Sub(last.at) > 2*time.Duration(c.Backup.Hours)*time.Hour {
			d.add("backup", "failed", d.l.T("doctor_backup_old", locales.Data{"Name": last.name, "When": onPaper(last.at)}), d.l.T("doctor_backup_old_fix"))
			break
		}
		d.add("backup", "ok", d.l.N("doctor_backup_ok", len(made), locales.Data{"Folder": c.Backup.Folder, "When": onPaper(last.at)}), "")
	}
	if c.Backup.Folder != "" && len(c.Backup.Recipients) == 0 {
		d.add("settings", "missing", d.l.T("doctor_backup_plain"), d.l.T("doctor_backup_plain_fix"))
	}
	if c.Backup.Folder != "" && (c.Backup.Mail == "" || c.Mail.Host == "") {
		d.add("settings", "missing", d.l.T("doctor_backup_untold"), d.l.T("doctor_backup_untold_fix"))
	}
	if c.Mail.Host != "" && c.Mail.TLS == "none" {
		d.add("settings", "missing", d.l.T("doctor_mail_plain"), d.l.T("doctor_mail_plain_fix"))
	}
}
