package page

// A Site is what all pages of one service share. The zero value will do for a
// page that stands alone.
type Site struct {
	Visitor
	Origin   string // scheme and host that readers use, without a slash at the end; "" leaves out embed code and canonical links
	Version  string // of the program; "" if not to be told
	ReadOnly bool   // no uploads: pages hold no link to the form

	Lang   Language // in which the page is written; "" is English
	Chosen bool     // the address names the language, so links between pages keep it
	Here   string   // path and query of the page without its language, for links to the others; "" leaves them out
}

func (s Site) voice() *voice { return voiceOf(s.Lang) }

// at is the site of a page that other addresses answer with too, such as those that its
// forms are posted to: links to its translations lead to path.
func (s Site) at(path string) Site {
	if s.Here != "" {
		s.Here = path
	}
	return s
}

// Policy is the Content-Security-Policy that every page works under: nothing
// inline, nothing from elsewhere, not to be framed.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// EmbedPolicy is Policy for the pages under /embed, which any site may frame.
const EmbedPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
	"connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors *"
