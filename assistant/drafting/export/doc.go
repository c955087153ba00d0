// Package export writes a draft as DOCX, ODT and PDF, with the manifest that says how it was made.
//
// DOCX and ODT are written here, with the parts of the formats that an act needs and no more: styles, numbering, tables, a header with the coat of
// arms, page numbers. PDF comes from LibreOffice when it is installed, as PDF/A-2b; without it the package says so. The words of an export are
// exactly those of Draft.Text. The package stores nothing; the key of the manifest is given to it.
package export
