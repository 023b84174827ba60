package server

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"
)

// apiPrefix is where the API begins. Its description stands at openapi.json below it.
const apiPrefix = "/api/v1"

// mountAPI registers the operations of the API.
func (s *Server) mountAPI(e *echo.Echo) {
	c := huma.DefaultConfig("Antequem", s.version)
	c.Info.Description = "Dated images of places, the claims made about them, and what the images say of each claim. " +
		"Errors are problem documents (RFC 9457)."
	c.OpenAPIPath = apiPrefix + "/openapi"
	c.DocsPath = "" // its page loads a script from elsewhere
	c.SchemasPath = apiPrefix + "/schemas"
	c.Transformers = []huma.Transformer{terse}
	c.CreateHooks = nil // no $schema in answers: they are the documents that the command line writes
	api := huma.NewAPI(c, headToo{humaecho.New(e, huma.Config{}).Adapter()})

	get(s, api, "/locations", "list-locations", "All locations", s.apiLocations)
	post(s, api, "/locations", "add-location", "Add a location from a case file without images, as YAML or JSON", s.apiAddLocation)
	get(s, api, "/locations/{slug}", "get-location", "One location with its images, regions and claims", s.apiLocation)
	get(s, api, "/locations/{slug}/case", "get-case", "The case file of a location, as YAML", s.apiCase)
	get(s, api, "/locations/{slug}/report", "get-report", "What the images say, as judge --json writes it", s.apiReport)
	get(s, api, "/locations/{slug}/images", "list-images", "The images of a location in date order", s.apiImages)
	get(s, api, "/locations/{slug}/images/{image}", "get-image", "One image", s.apiImage)
	get(s, api, "/locations/{slug}/claims", "list-claims", "The claims about a location and what the images say of each", s.apiClaims)
	post(s, api, "/locations/{slug}/claims", "add-claim", "Record a claim", s.apiAddClaim)
	get(s, api, "/locations/{slug}/claims/{id}", "get-claim", "One claim", s.apiClaim)
	get(s, api, "/locations/{slug}/result", "get-result", "How far judging the location, or comparing two images of it, has come, and the files that it made", s.apiResult)
	post(s, api, "/cases", "send-case", "Send a whole case, whose images name their originals by sha256. Where originals are missing, they are told and nothing is stored", s.apiSendCase)
	post(s, api, "/locations/{slug}/regions", "add-region", "Add a region, drawn on an image or given on the ground", s.apiAddRegion)
	get(s, api, "/locations/{slug}/publication", "get-publication", "How a location stands: a draft, published or withdrawn, and what was changed in public, when and why", s.apiPublication)
	post(s, api, "/locations/{slug}/publication", "publish", "Publish, withdraw or correct a location. For editors", s.apiPublish)
	get(s, api, "/locations/{slug}/releases", "list-releases", "What everybody may have of the images that is withheld unasked: names of who brought them, metadata. For editors", s.apiReleases)
	post(s, api, "/locations/{slug}/releases", "set-release", "Release the names or the metadata of an image, or of all, or take that back. For editors", s.apiRelease)
	get(s, api, "/locations/{slug}/readings", "list-readings", "What people saw of each region without knowing the dates, beside what was computed, and Cohen's kappa", s.apiReadings)
	get(s, api, "/locations/{slug}/reading", "get-reading", "The next image of the caller's own blind reading of a region. For analysts", s.apiBlind)
	post(s, api, "/locations/{slug}/readings", "add-reading", "Record a blind reading of one image; it can't be taken back. For analysts", s.apiAddReading)
	operation(s, api, huma.Operation{
		Method: http.MethodPost, Path: apiPrefix + "/locations/{slug}/images", OperationID: "add-image",
		Summary:       "Upload an image. Bytes that the location holds already are not stored again, and known is true",
		DefaultStatus: http.StatusCreated, BodyReadTimeout: s.config.UploadTimeout,
	}, classAPIFile, s.apiAddImage)
}

// headToo registers for HEAD too what answers to GET. The description of the API names
// GET alone.
type headToo struct{ huma.Adapter }

func (a headToo) Handle(op *huma.Operation, answer func(huma.Context)) {
	for _, m := range methodsOf(op.Method) {
		o := *op
		o.Method = m
		a.Adapter.Handle(&o, answer)
	}
}

// mostTold is how many mistakes one problem document names, and how long a value that
// it repeats may be, bytes.
const mostTold = 100

// terse keeps a problem document from repeating what was sent: it is told where the
// mistake is, and not more of it than a person would read.
func terse(_ huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	m.Errors = m.Errors[:min(len(m.Errors), mostTold)]
	for _, d := range m.Errors {
		if text, ok := d.Value.(string); !ok || len(text) > mostTold {
			d.Value = nil
		}
		d.Location, d.Message = firstBytes(d.Location, 5*mostTold), firstBytes(d.Message, 5*mostTold)
	}
	return m, nil
}

func get[I, O any](s *Server, api huma.API, path, id, summary string, h func(context.Context, *I) (*O, error)) {
	operation(s, api, huma.Operation{Method: http.MethodGet, Path: apiPrefix + path, OperationID: id, Summary: summary}, classAPI, h)
}

func post[I, O any](s *Server, api huma.API, path, id, summary string, h func(context.Context, *I) (*O, error)) {
	operation(s, api, huma.Operation{
		Method: http.MethodPost, Path: apiPrefix + path, OperationID: id, Summary: summary,
		DefaultStatus: http.StatusCreated, MaxBodyBytes: s.config.MaxForm, BodyReadTimeout: s.config.RequestTimeout,
	}, classAPI, h)
}

// operation registers one operation, its errors told by the same table as a page's.
func operation[I, O any](s *Server, api huma.API, op huma.Operation, k class, h func(context.Context, *I) (*O, error)) {
	for _, m := range methodsOf(op.Method) {
		s.classes[m+" "+echoPath(op.Path)] = k
	}
	huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
		if s.config.ReadOnly && op.Method != http.MethodGet {
			return nil, problemOf(explain(refuse(errForbidden, "This service takes no changes.")))
		}
		out, err := h(ctx, in)
		if err == nil {
			return out, nil
		}
		t := explain(err)
		s.log.Log(ctx, levelOf(t.Status), "api", "id", infoOf(ctx).id, "operation", op.OperationID, "status", t.Status, "err", loggedError(err, t.Status))
		if t.Status == http.StatusServiceUnavailable {
			return nil, huma.ErrorWithHeaders(problemOf(t), http.Header{"Retry-After": {strconv.Itoa(retryAfter)}})
		}
		return nil, problemOf(t)
	})
}
