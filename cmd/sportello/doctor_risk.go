package main

import (
	"fmt"
	"time"
)

// risks looks at backups and at settings that are allowed and not wise.
func (c *config) risks(d *diagnosis, now time.Time) {
	switch made, err := []madeBackup(nil), error(nil); {
	case c.Backup.Folder == "":
		d.add("backup", "missing", "the server makes none by itself", "set backup.folder to a disk that is not this one's, or run sportello backup every day")
	default:
		if made, err = backupsIn(c.Backup.Folder); err != nil {
			d.add("backup", "failed", err.Error(), "see who may write there, and that the disk is mounted")
			break
		}
		if len(made) == 0 {
			d.add("backup", "missing", "none in "+c.Backup.Folder+" yet", "the running server makes the first within ten minutes")
			break
		}
		last := made[len(made)-1]
		age := now.Sub(last.at).Round(time.Hour)
		if age > 2*time.Duration(c.Backup.Hours)*time.Hour {
			d.add("backup", "failed", fmt.Sprintf("the last, %s, is %s old", last.name, age), "see the log of the server: it says why none was made since")
			break
		}
		d.add("backup", "ok", fmt.Sprintf("%d in %s, the last %s old", len(made), c.Backup.Folder, age), "")
	}
	if c.Backup.Folder != "" && len(c.Backup.Recipients) == 0 {
		d.add("settings", "missing", "backups are not encrypted: whoever has the disk reads accounts, documents and settings", "age-keygen makes a key; put its public part in backup.recipients and keep the private one elsewhere")
	}
	if c.Backup.Folder != "" && (c.Backup.Mail == "" || c.Mail.Host == "") {
		d.add("settings", "missing", "nobody is told when a backup fails", "set backup.mail, and mail.host")
	}
	if c.Mail.Host != "" && c.Mail.TLS == "none" {
		d.add("settings", "missing", "e-mail goes out in the clear (mail.tls = none)", "write starttls or tls, as your provider says")
	}
}
