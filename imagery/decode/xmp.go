package decode

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/bep/imagemeta"
)

var libraryFormats = map[string]imagemeta.ImageFormat{
	"jpeg": imagemeta.JPEG, "png": imagemeta.PNG, "webp": imagemeta.WebP, "tiff": imagemeta.TIFF,
}

// Reading of XMP and IPTC is given up after this time; what was found until then counts.
const metadataTimeout = 2 * time.Second

// The most XMP and IPTC values that are looked at.
const maxTags = 5000

// holdsPublished says whether a file may hold XMP or IPTC.
func holdsPublished(data []byte) bool {
	return bytes.Contains(data, []byte("adobe")) || bytes.Contains(data, []byte("Photoshop 3.0"))
}

// xmpName begins a segment of a JPEG that holds XMP.
const xmpName = "http://ns.adobe.com/xap/1.0/\x00"

// packet reads XMP that stands by itself. The library knows it in files alone, so it is
// given one: a JPEG of nothing else.
func (m *metadata) packet(xmp []byte) {
	m.tells(personalXMP)
	n := len(xmpName) + len(xmp) + 2
	if len(xmp) == 0 || n > 1<<16-1 {
		return
	}
	file := append([]byte{0xff, 0xd8, 0xff, 0xe1, byte(n >> 8), byte(n)}, xmpName...)
	m.published("jpeg", bytes.NewReader(append(append(file, xmp...), 0xff, 0xd9)))
}

// published reads XMP and IPTC: what editing and publishing programs write. What is
// broken in it is left out.
func (m *metadata) published(format string, r io.ReadSeeker) {
	iptc := map[string]string{}
	for _, t := range tagsOf(libraryFormats[format], r) {
		if value := tagText(t.Value); t.Source == imagemeta.IPTC {
			iptc[t.Tag] = value
		} else {
			m.xmp(t.Tag, value)
		}
	}
	m.iptc(iptc)
}

// tagsOf collects what the library finds. After a timeout the library works on for a
// while in a goroutine of its own, so nothing of ours is in its hands but the list.
func tagsOf(f imagemeta.ImageFormat, r io.ReadSeeker) []imagemeta.TagInfo {
	var (
		mu     sync.Mutex
		closed bool
		tags   []imagemeta.TagInfo
	)
	// The library turns its own panics into errors.
	_, _ = imagemeta.Decode(imagemeta.Options{
		R: r, ImageFormat: f, Sources: imagemeta.XMP | imagemeta.IPTC, Timeout: metadataTimeout,
		ShouldHandleTag: func(imagemeta.TagInfo) bool { return true },
		Warnf:           func(string, ...any) {},
		HandleTag: func(t imagemeta.TagInfo) error {
			mu.Lock()
			defer mu.Unlock()
			if closed || len(tags) >= maxTags {
				return imagemeta.ErrStopWalking
			}
			tags = append(tags, t)
			return nil
		},
	})
	mu.Lock()
	defer mu.Unlock()
	closed = true
	return tags
}

func tagText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []string:
		return strings.Join(v, "; ")
	case time.Time:
		return v.Format(time.RFC3339)
	}
	return fmt.Sprint(v)
}

// xmp files one property (XMP specification, parts 1 and 2).
func (m *metadata) xmp(tag, value string) {
	switch tag {
	case "DateTimeOriginal", "DateCreated":
		m.date("XMP "+tag, capture, value)
	case "CreateDate", "DateTimeDigitized":
		m.date("XMP "+tag, creation, value)
	case "ModifyDate", "MetadataDate":
		m.date("XMP "+tag, change, value)
	case "CreatorTool":
		first(&m.software, value)
	case "GPSLatitude", "GPSLongitude":
		m.gps = true
	case "Model":
		first(&m.sensor, value)
	case "Title", "Description", "Rights", "Creator", "Credit", "Source", "Headline", "title", "description", "rights", "creator":
		m.word("XMP "+tag, value)
	}
}

// iptc files IIM's application record (IPTC IIM 4.2).
func (m *metadata) iptc(t map[string]string) {
	m.iptcDate("DateCreated", capture, t["DateCreated"], t["TimeCreated"])
	m.iptcDate("DigitalCreationDate", creation, t["DigitalCreationDate"], t["DigitalCreationTime"])
	for _, name := range []string{"Headline", "Caption-Abstract", "By-line", "Credit", "Source", "CopyrightNotice", "City", "Country-PrimaryLocationName"} {
		if v := t[name]; v != "" {
			m.word("IPTC "+name, v)
		}
	}
}

func (m *metadata) iptcDate(tag, means, day, clock string) {
	if day == "" {
		return
	}
	if len(day) > 10 {
		day = day[:10]
	}
	if edtfOf(day+" "+clock) != "" {
		day += " " + clock
	}
	m.date("IPTC "+tag, means, day)
}
