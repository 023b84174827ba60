package geo_test

import (
	"testing"

	"github.com/antequem/antequem/imagery/geo"
)

func TestACoordinateSystemIsKnownByItsText(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		epsg int
		name string
	}{
		"as GDAL writes it": {`PROJCS["WGS 84 / UTM zone 37N",GEOGCS["WGS 84",DATUM["WGS_1984",AUTHORITY["EPSG","6326"]],AUTHORITY["EPSG","4326"]],
			PROJECTION["Transverse_Mercator"],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AUTHORITY["EPSG","32637"]]`, 32637, "WGS 84 / UTM zone 37N"},
		"of 2019":              {`PROJCRS["WGS 84 / Pseudo-Mercator",BASEGEOGCRS["WGS 84",ID["EPSG",4326]],ID["EPSG",3857]]`, 3857, "WGS 84 / Pseudo-Mercator"},
		"as ESRI writes it":    {`PROJCS["WGS_1984_UTM_Zone_36N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"]],PROJECTION["Transverse_Mercator"]]`, 32636, "WGS_1984_UTM_Zone_36N"},
		"south":                {`PROJCS["WGS_1984_UTM_Zone_33S",GEOGCS["GCS_WGS_1984"]]`, 32733, "WGS_1984_UTM_Zone_33S"},
		"degrees, by ESRI":     {`GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"]]`, 4326, "GCS_WGS_1984"},
		"Europe's":             {`PROJCS["ETRS_1989_UTM_Zone_32N"]`, 25832, "ETRS_1989_UTM_Zone_32N"},
		"a zone there isn't":   {`PROJCS["WGS_1984_UTM_Zone_61N"]`, 0, "WGS_1984_UTM_Zone_61N"},
		"one not known here":   {`PROJCS["RGF93 / Lambert-93",AUTHORITY["EPSG","2154"]]`, 2154, "RGF93 / Lambert-93"},
		"a number in its name": {`PROJCS["AUTHORITY[\"EPSG\",\"32637\"]",UNIT["metre",1]]`, 0, `AUTHORITY[\`},
		"nothing":              {"", 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if epsg, said := geo.ParseWKT(c.text); epsg != c.epsg || said != c.name {
				t.Errorf("EPSG %d, %q, want %d, %q", epsg, said, c.epsg, c.name)
			}
		})
	}
}

func FuzzParseWKT(f *testing.F) {
	f.Add(`PROJCS["WGS 84 / UTM zone 37N",AUTHORITY["EPSG","32637"]]`)
	f.Fuzz(func(t *testing.T, text string) {
		if epsg, _ := geo.ParseWKT(text); epsg < 0 || epsg > 999_999 {
			t.Errorf("EPSG %d", epsg)
		}
	})
}
