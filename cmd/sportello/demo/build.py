"""Turns demo/source into the committed files of demo/documents: python3 build.py, with LibreOffice, poppler-utils and the
packages of build.txt installed. Run it after changing a source; the product and its tests only read the results.
"""
import pathlib, shutil, subprocess, tempfile

import markdown
from PIL import Image, ImageFilter

HERE = pathlib.Path(__file__).parent
# What a comune has: most in PDF, some as the clerk wrote it, one page that was printed, signed and scanned.
FORMAT = {
    "regolamento-polizia-urbana": "docx", "regolamento-sale": "docx", "modulo-rateizzazione-tari": "docx",
    "modulo-occupazione-suolo": "docx", "modulo-sala-civica": "docx",
    "regolamento-biblioteca": "odt", "regolamento-contributi": "odt", "modulo-compostaggio": "odt", "modulo-iscrizione-nido": "odt",
    "ordinanza-acqua": "scan",
}
STYLE = """body{font-family:'Liberation Serif',serif;font-size:11pt} h1{font-size:14pt;text-align:center} h2{font-size:12pt;text-align:center}
h3{font-size:11pt} td,th{border:0.5pt solid #444;padding:2pt 4pt;font-size:10pt} table{border-collapse:collapse;width:100%}"""
FILTER = {"pdf": "pdf:writer_web_pdf_Export", "docx": "docx:MS Word 2007 XML", "odt": "odt"}


def convert(html, kind, out):
    """HTML -> ODT -> kind: through a text document, so that headings and tables are real ones."""
    work = html.parent
    for step in ("odt:writer8", {"pdf": "pdf:writer_pdf_Export", "docx": FILTER["docx"], "odt": None}[kind]):
        if step is None:
            break
        source = html if step.startswith("odt") else html.with_suffix(".odt")
        subprocess.run(["soffice", f"-env:UserInstallation=file://{work}/profile", "--headless", "--writer", "--convert-to", step,
                        "--outdir", str(work), str(source)], check=True, capture_output=True)
    shutil.copy(html.with_suffix("." + kind), out)


def scan(pdf, out):
    """A page as an office scanner gives it: grey, slightly turned, soft."""
    with tempfile.TemporaryDirectory() as work:
        subprocess.run(["pdftoppm", "-r", "150", "-gray", "-png", str(pdf), work + "/p"], check=True)
        pages = []
        for page in sorted(pathlib.Path(work).glob("*.png")):
            image = Image.open(page).rotate(0.6, fillcolor=250, expand=False).filter(ImageFilter.GaussianBlur(0.4))
            pages.append(image.convert("L"))
        pages[0].save(out, save_all=True, append_images=pages[1:], resolution=150, quality=60)


def main():
    out = HERE / "documents"
    for source in sorted((HERE / "source").glob("*.md")):
        kind = FORMAT.get(source.stem, "pdf")
        body = markdown.markdown(source.read_text(), extensions=["tables", "sane_lists"])
        with tempfile.TemporaryDirectory() as work:
            html = pathlib.Path(work) / (source.stem + ".html")
            html.write_text(f'<html lang="it"><head><meta charset="utf-8"><style>{STYLE}</style></head><body>{body}</body></html>')
            if kind == "scan":
                convert(html, "pdf", html.with_suffix(".out"))
                scan(html.with_suffix(".pdf"), out / (source.stem + ".pdf"))
            else:
                convert(html, kind, out / f"{source.stem}.{kind}")
        print(source.stem, kind)


main()
