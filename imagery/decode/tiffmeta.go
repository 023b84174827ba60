package decode

import (
	"encoding/xml"
	"strings"

	"github.com/antequem/antequem/imagery/geo"
)

// geotiff reads where the picture lies and what GDAL and sellers wrote beside it.
func (m *metadata) geotiff(d tiffDir) (warnings []string) {
	tags := geo.GeoTags{
		Scale: d.floats(tagScale), Tiepoint: d.floats(tagTiepoint), Matrix: d.floats(tagMatrix),
		Doubles: d.floats(tagGeoDoubles), ASCII: string(d.raw(tagGeoASCII)),
	}
	for _, v := range d.ints(tagGeoKeys) {
		tags.Keys = append(tags.Keys, uint16(v))
	}
	if !tags.Empty() {
		g, w := tags.Georeference()
		warnings = append(warnings, w...)
		if g.HasGrid || g.EPSG != 0 || g.Name != "" {
			m.geo = &g
		}
	}
	m.nodata = tiffPage{dir: d}.nodata()
	m.rpc = d.has(tagRPC)
	m.gdal(d.raw(tagGDALMetadata))
	return warnings
}

// gdalItems is GDAL_METADATA's XML.
type gdalItems struct {
	Items []struct {
		Name   string `xml:"name,attr"`
		Domain string `xml:"domain,attr"`
		Value  string `xml:",chardata"`
	} `xml:"Item"`
}

// gdal files items of GDAL's metadata (gdal.org/user/raster_data_model.html and the
// scene metadata that its drivers copy).
func (m *metadata) gdal(b []byte) {
	if len(b) == 0 || len(b) > maxText {
		return
	}
	var doc gdalItems
	if xml.Unmarshal([]byte(strings.TrimRight(string(b), "\x00")), &doc) != nil {
		return
	}
	for _, it := range doc.Items {
		name, value := strings.ToUpper(it.Name), strings.TrimSpace(it.Value)
		switch name {
		case "ACQUISITIONDATETIME", "ACQUISITION_DATE", "ACQUISITION_DATETIME", "DATE_ACQUIRED", "SENSING_TIME", "DATATAKE_1_DATATAKE_SENSING_START", "PRODUCT_START_TIME", "TLCTIME", "FIRSTLINETIME", "ACQUIRED":
			m.date("GDAL "+it.Name, capture, value)
		case "TIFFTAG_DATETIME":
			m.date("GDAL "+it.Name, change, value)
		case "GENERATION_TIME", "PRODUCTION_DATE", "CREATION_DATE":
			m.date("GDAL "+it.Name, creation, value)
		case "SATELLITEID", "SATID", "SPACECRAFT_ID", "SPACECRAFT_NAME", "SATELLITE", "PLATFORM":
			first(&m.platform, value)
		case "SENSOR_ID", "SENSORID", "SENSOR", "INSTRUMENT":
			first(&m.sensor, value)
		case "TIFFTAG_SOFTWARE":
			first(&m.software, value)
		default:
			if !strings.HasPrefix(name, "STATISTICS_") {
				m.word("GDAL "+it.Name, value)
			}
		}
	}
}
