package casefile_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/casefile"
)

// good is a case to which each test adds one mistake.
const good = `title: T
images:
  - {file: a.png, acquired: 2015-10-15}
  - {file: b.png, acquired: 2016-04}
region: {image: a.png, polygon: [[0, 0], [9, 0], [9, 9], [0, 9]]}
claims:
  - {id: one, changed: 2016}
`

func TestMistakes(t *testing.T) {
	for _, tt := range []struct {
		name, old, new string // new takes the place of old in good
		line, says     string
	}{
		{"no title", "title: T\n", "", "1", "it has no title"},
		{"an empty title", "title: T", `title: ""`, "1", "title: it is empty"},
		{"a title that is a list", "title: T", "title: [T]", "1", "want a text, not a list"},
		{"a misspelt key", "region:", "regoin:", "5", `unknown key "regoin"; did you mean "region"?`},
		{"a key of another language", "a.png, acquired", "a.png, date", "3", `unknown key "date"; did you mean "acquired"?`},
		{"a key of nothing near", "title: T", "title: T\nzzzzzz: 1", "2", `unknown key "zzzzzz"; the keys here are title,`},
		{"a key twice", "title: T", "title: T\ntitle: U", "2", "title is here twice, first on line 1"},
		{"a key without a value", "title: T", "title:", "1", "has no value"},
		{"a tab", "  - {file: b.png", "\t- {file: b.png", "4", "indent with spaces, not tabs"},
		{"a bracket left open", "{file: b.png, acquired: 2016-04}", "{file: b.png, acquired: 2016-04", "4", "mend the YAML"},
		{"a doubtful date without quotes", "acquired: 2016-04}", "acquired: 2016-04?}", "4", `within braces, a question mark, as "2015?"`},
		{"a second document", "claims:", "---\nclaims:", "6", "a second document"},
		{"images that are no list", "images:\n  - {file: a.png, acquired: 2015-10-15}\n  - {file: b.png, acquired: 2016-04}", "images: a.png", "2", "want a list"},
		{"an image without a file", "file: b.png, ", "", "4", "image 2: it has no file"},
		{"an image without a date", ", acquired: 2016-04}", "}", "4", "image 2 (b.png): it has no date"},
		{"two images of one name", "file: b.png", "file: ./a.png", "4", `file "./a.png" is already an image, on line 3`},
		{"a date that is none", "acquired: 2016-04", "acquired: 2016-13", "4", `acquired: date "2016-13": invalid date: months run from 01 to 12`},
		{"a date the other way round", "acquired: 2016-04", "acquired: 27/04/2016", "4", "write year, month and day with hyphens"},
		{"a date with an hour but no T", "acquired: 2016-04", "acquired: 2016-04-01 08:00:00", "4", "put a T between"},
		{"a basis that is none", "acquired: 2016-04", "acquired: 2016-04, basis: guessed", "4", "want one of capture, mosaic, release, published, claimed, inferred"},
		{"a platform that is none", "acquired: 2016-04", "acquired: 2016-04, platform: balloon", "4", "want one of unknown, satellite, aerial, drone"},
		{"a ground sample distance in words", "acquired: 2016-04", "acquired: 2016-04, gsd_m: 50cm", "4", "gsd_m: want a number"},
		{"a ground sample distance of nothing", "acquired: 2016-04", "acquired: 2016-04, gsd_m: 0", "4", "gsd_m: want a number"},
		{"a sun below the ground", "acquired: 2016-04", "acquired: 2016-04, sun_elevation: -91", "4", "sun_elevation: want a number from -90 to 90"},
		{"synthetic neither true nor false", "acquired: 2016-04", "acquired: 2016-04, synthetic: perhaps", "4", "want true or false"},
		{"half a tie point", "acquired: 2016-04", "acquired: 2016-04, tie_points: [[1, 2]]", "4", "tie point 1: want a position as [x, y]"},
		{"a digest cut short", "acquired: 2016-04", "acquired: 2016-04, sha256: abc", "4", "64 hexadecimal digits"},
		{"a reference that is no image", "region:", "reference: c.png\nregion:", "5", `"c.png" is no image of this case; did you mean "a.png"?`},
		{"a latitude alone", "region:", "location: {name: N, lat: 36}\nregion:", "5", "one of lat and lon is missing"},
		{"a latitude beyond the pole", "region:", "location: {name: N, lat: 136, lon: 37}\nregion:", "5", "lat: want a number from -90 to 90"},
		{"a slug with capitals", "region:", "location: {name: N, slug: My Place}\nregion:", "5", "lower case letters, digits and hyphens"},
		{"a region on no image", "region: {image: a.png", "region: {image: c.png", "5", `region: image: "c.png" is no image`},
		{"a region without its image", "image: a.png, polygon", "polygon", "5", "it has no image"},
		{"a region without an outline", ", polygon: [[0, 0], [9, 0], [9, 9], [0, 9]]", "", "5", "it has no outline"},
		{"two corners", "[[0, 0], [9, 0], [9, 9], [0, 9]]", "[[0, 0], [9, 0]]", "5", "2 of the 3 corners"},
		{"two corners and the first again", "[[0, 0], [9, 0], [9, 9], [0, 9]]", "[[0, 0], [9, 0], [0, 0]]", "5", "2 of the 3 corners"},
		{"three corners on a line", "[[0, 0], [9, 0], [9, 9], [0, 9]]", "[[0, 0], [4, 0], [9, 0]]", "5", "enclose nothing"},
		{"a bow tie", "[[0, 0], [9, 0], [9, 9], [0, 9]]", "[[0, 0], [9, 9], [9, 0], [0, 9]]", "5", "its side from corner 1 meets its side from corner 3"},
		{"a spike", "[[0, 0], [9, 0], [9, 9], [0, 9]]", "[[0, 0], [9, 0], [4, 0], [4, 9]]", "5", "its side from corner 1 meets its side from corner 2"},
		{"a corner that is a word", "[9, 9]", "[nine, 9]", "5", "point 3: want a position as [x, y]"},
		{"a corner that is infinite", "[9, 9]", "[.inf, 9]", "5", "point 3: want a position as [x, y]"},
		{"both region and regions", "claims:", "regions: []\nclaims:", "6", "both region and regions"},
		{"two regions of one name", "region: {image: a.png, polygon: [[0, 0], [9, 0], [9, 9], [0, 9]]}", "regions:\n  - {name: r, image: a.png, polygon: [[0, 0], [9, 0], [9, 9]]}\n  - {name: r, image: a.png, polygon: [[0, 0], [9, 0], [9, 9]]}", "7", `the name "r" is taken`},
		{"regions of which a claim names none", "region: {image: a.png, polygon: [[0, 0], [9, 0], [9, 9], [0, 9]]}", "regions:\n  - {name: r, image: a.png, polygon: [[0, 0], [9, 0], [9, 9]]}\n  - {name: s, image: a.png, polygon: [[0, 0], [9, 0], [9, 9]]}", "9", "write region: and one of r, s"},
		{"a region with a hole", "image: a.png, polygon: [[0, 0], [9, 0], [9, 9], [0, 9]]", "geojson: {type: Polygon, coordinates: [[[0,0],[9,0],[9,9],[0,0]],[[5,1],[6,1],[6,2],[5,1]]]}", "5", "has a hole"},
		{"latitude before longitude", "image: a.png, polygon: [[0, 0], [9, 0], [9, 9], [0, 9]]", "geojson: {type: Polygon, coordinates: [[[36,137],[36,138],[37,138],[36,137]]]}", "5", "longitude, then latitude"},
		{"a line for a region", "image: a.png, polygon: [[0, 0], [9, 0], [9, 9], [0, 9]]", "geojson: {type: LineString, coordinates: [[36,37],[36,38]]}", "5", "want a Polygon"},
		{"GeoJSON that is none", "image: a.png, polygon: [[0, 0], [9, 0], [9, 9], [0, 9]]", "geojson: '{\"type\": '", "5", "unexpected end of JSON input"},
		{"images and no region", "region: {image: a.png, polygon: [[0, 0], [9, 0], [9, 9], [0, 9]]}\n", "", "6", "no region to judge"},
		{"a claim without an id", "id: one, ", "", "7", "claim 1: it has no id"},
		{"a claim with an id of two words", "id: one", "id: one two", "7", `want letters, digits and hyphens`},
		{"two claims of one id", "changed: 2016}", "changed: 2016}\n  - {id: one, changed: 2015}", "8", `the id "one" is taken by the claim on line 7`},
		{"a claim that asserts nothing", ", changed: 2016", "", "7", `claim "one": it asserts nothing`},
		{"a claim that asserts two things", "changed: 2016", "changed: 2016, unchanged: 2015", "7", "it asserts changed and unchanged at once"},
		{"a claim about no date", "changed: 2016", "changed: soon", "7", `claim "one": changed: date "soon"`},
		{"a claim about an empty date", "changed: 2016", `changed: ""`, "7", "the date is empty"},
		{"a claim about an image that is not", "changed: 2016", "same: [a.png, c.png]", "7", `same: "c.png" is no image of this case`},
		{"a claim about one image", "changed: 2016", "same: a.png", "7", "want two images"},
		{"a claim about one image twice", "changed: 2016", "differs: [a.png, ./a.png]", "7", "twice"},
		{"a claim about a region that is not", "id: one", "id: one, region: roof", "7", `there is none called "roof"`},
		{"untestable without a reason", "changed: 2016", "untestable: true", "7", "say in a sentence"},
		{"an alias", "{file: b.png, acquired: 2016-04}", "&x {file: b.png, acquired: 2016-04}\n  - *x", "5", "an alias"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(good, tt.old) {
				t.Fatalf("%q is not in the good case", tt.old)
			}
			_, err := casefile.Parse("case.yaml", []byte(strings.Replace(good, tt.old, tt.new, 1)))
			var ms casefile.Mistakes
			if !errors.As(err, &ms) || !errors.Is(err, imagery.ErrInvalid) {
				t.Fatalf("error is %v, want mistakes that wrap ErrInvalid", err)
			}
			want := "case.yaml:" + tt.line + ": "
			for _, m := range ms {
				if strings.HasPrefix(m.String(), want) && strings.Contains(m.Text, tt.says) {
					return
				}
			}
			t.Errorf("mistakes are\n%v\nwant one that begins %q and says %q", err, want, tt.says)
		})
	}
}

func TestTheGoodCaseIsGood(t *testing.T) {
	if _, err := casefile.Parse("case.yaml", []byte(good)); err != nil {
		t.Error(err)
	}
}

func TestAllMistakesAreToldInTheOrderOfTheirLines(t *testing.T) {
	text := strings.NewReplacer("T", "''", "2016-04", "2016-13", "changed: 2016", "chnged: 2016").Replace(good)
	_, err := casefile.Parse("case.yaml", []byte(text))
	want := `case.yaml:1: case: title: it is empty; name the case in a few words
case.yaml:4: image 2 (b.png): acquired: date "2016-13": invalid date: months run from 01 to 12, seasons from 21 to 24
case.yaml:7: claim 1: unknown key "chnged"; did you mean "changed"?`
	if err == nil || err.Error() != want {
		t.Errorf("mistakes are\n%v\nwant\n%s", err, want)
	}
}

func TestMistakesOfAFileThatIsNoCase(t *testing.T) {
	for _, tt := range []struct{ name, text, says string }{
		{"an empty file", "", "case.yaml:1: the file is empty"},
		{"a comment alone", "# nothing\n", "case.yaml:1: the file is empty"},
		{"a list", "- a\n- b\n", "case.yaml:1: case: want keys with values"},
		{"bytes", "\x00\x01\xff", "case.yaml:1: "},
		{"an image for a case", "\x89PNG\r\n\x1a\n", "case.yaml:1: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := casefile.Parse("case.yaml", []byte(tt.text))
			if !errors.Is(err, imagery.ErrInvalid) || !strings.HasPrefix(err.Error(), tt.says) {
				t.Errorf("error is %v, want %q and ErrInvalid", err, tt.says)
			}
		})
	}
}
