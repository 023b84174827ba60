package server

import (
	"net/http"

	"github.com/antequem/antequem/server/page"
)

// routes lists every address but those of the API. Addresses are stable: a link
// in an article must work in ten years.
func (s *Server) routes() []route {
	return []route{
		{http.MethodGet, "/", classPage, s.keeping(s.locations)},
		{http.MethodGet, page.MethodPath, classPage, s.keeping(s.method)},
		{http.MethodGet, page.NewLocationPath, classForm, s.newLocationForm},
		{http.MethodPost, page.NewLocationPath, classForm, s.newLocation},
		{http.MethodGet, "/locations/{slug}", classPage, s.keeping(s.location)},
		{http.MethodGet, "/locations/{slug}/compare", classPage, s.keeping(s.compare)},
		{http.MethodGet, "/locations/{slug}/claims/{id}", classPage, s.keeping(s.claim)},
		{http.MethodGet, "/locations/{slug}/images.csv", classPage, s.imagesCSV},
		{http.MethodGet, "/locations/{slug}/compare.csv", classPage, s.pairCSV},
		{http.MethodGet, "/locations/{slug}/claims.csv", classPage, s.claimsCSV},
		{http.MethodGet, "/locations/{slug}/upload", classForm, s.uploadForm},
		{http.MethodPost, "/locations/{slug}/upload", classUpload, s.upload},
		{http.MethodGet, "/locations/{slug}/uploads/{image}", classPage, s.receipt},
		{http.MethodGet, "/locations/{slug}/read", classForm, s.readPage},
		{http.MethodPost, "/locations/{slug}/read", classForm, s.read},
		{http.MethodGet, "/locations/{slug}/read/{turn}", classPicture, s.blindPicture},
		{http.MethodGet, apiPrefix + "/locations/{slug}/reading/{turn}", classPicture, s.blindPicture},
		{http.MethodGet, "/locations/{slug}/readings", classPage, s.readings},
		{http.MethodGet, "/locations/{slug}/add", classForm, s.addMany},
		{http.MethodGet, "/locations/{slug}/table", classForm, s.tablePage},
		{http.MethodPost, "/locations/{slug}/table", classForm, s.changeTable},
		{http.MethodGet, "/locations/{slug}/publication", classForm, s.publicationPage},
		{http.MethodPost, "/locations/{slug}/publication", classForm, s.publish},
		{http.MethodGet, "/locations/{slug}/history", classPage, s.keeping(s.history)},
		{http.MethodGet, "/locations/{slug}/events", classEvents, s.events},
		{http.MethodGet, "/locations/{slug}/images/{file}", classPicture, s.imagePicture},

		{http.MethodGet, "/embed/locations/{slug}/compare", classPage, s.keeping(s.embedCompare)},
		{http.MethodGet, "/embed/locations/{slug}/claims/{id}", classPage, s.keeping(s.embedClaim)},
		{http.MethodGet, page.OEmbedPath, classPage, s.oembed},

		{http.MethodOptions, uploadsPath, classAPI, s.tus(s.offerUploads)},
		{http.MethodPost, uploadsPath, classAPI, s.tus(s.beginUpload)},
		{http.MethodGet, uploadsPath + "/{id}", classAPI, s.tus(s.uploadState)},
		{http.MethodPatch, uploadsPath + "/{id}", classChunk, s.tus(s.addToUpload)},
		{http.MethodDelete, uploadsPath + "/{id}", classAPI, s.tus(s.giveUpUpload)},
		{http.MethodPost, uploadsPath + "/{id}", classAPIForm, s.takeUpload},

		{http.MethodGet, page.SignInPath, classForm, s.signInForm},
		{http.MethodPost, page.SignInPath, classForm, s.signIn},
		{http.MethodPost, page.SignOutPath, classForm, s.signOut},
		{http.MethodGet, page.JoinPath, classForm, s.joinForm},
		{http.MethodPost, page.JoinPath, classForm, s.join},
		{http.MethodGet, page.AccountPath, classForm, s.account},
		{http.MethodPost, page.AccountPath + "/password", classForm, s.changePassword},
		{http.MethodPost, page.AccountPath + "/tokens", classForm, s.makeToken},
		{http.MethodPost, page.AccountPath + "/tokens/revoke", classForm, s.revokeToken},
		{http.MethodGet, page.PeoplePath, classForm, s.peoplePage},
		{http.MethodPost, page.PeoplePath + "/invite", classForm, s.invite},
		{http.MethodPost, page.PeoplePath + "/withdraw", classForm, s.withdrawInvitation},
		{http.MethodPost, page.PeoplePath + "/change", classForm, s.changeAccount},

		{http.MethodGet, "/results/{recipe}/*", classPicture, s.resultFile},
		{http.MethodGet, apiPrefix + "/results/{recipe}/*", classPicture, s.resultFile},
		{http.MethodGet, "/originals/{digest}", classPicture, s.original},
		{http.MethodPut, apiPrefix + "/originals/{digest}", classAPIFile, s.putOriginal},
		{http.MethodGet, "/assets/*", classPage, s.asset},

		{http.MethodGet, "/healthz", classPage, s.alive},
		{http.MethodGet, "/readyz", classPage, s.ready},
		{http.MethodGet, "/metrics", classPage, s.showMetrics},
	}
}

// method answers /method: how to read a verdict.
func (s *Server) method(w http.ResponseWriter, r *http.Request) error {
	return render(w, page.Method, page.MethodView{Site: s.site(r)})
}
