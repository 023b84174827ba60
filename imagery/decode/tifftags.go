package decode

// Field numbers of TIFF 6.0, its supplements and GDAL.
const (
	tagSubfileType  = 254
	tagWidth        = 256
	tagHeight       = 257
	tagBits         = 258
	tagCompression  = 259
	tagPhotometric  = 262
	tagFillOrder    = 266
	tagStripOffsets = 273
	tagBands        = 277
	tagRowsPerStrip = 278
	tagStripCounts  = 279
	tagPlanar       = 284
	tagT4Options    = 292
	tagPredictor    = 317
	tagColorMap     = 320
	tagTileWidth    = 322
	tagTileHeight   = 323
	tagTileOffsets  = 324
	tagTileCounts   = 325
	tagSubIFDs      = 330
	tagExtraSamples = 338
	tagSampleFormat = 339
	tagJPEGTables   = 347
	tagYCbCrCoeffs  = 529
	tagYCbCrSub     = 530
	tagReferenceBW  = 532
	tagXMP          = 700
	tagIPTC         = 33723
	tagPhotoshop    = 34377
	tagScale        = 33550
	tagTiepoint     = 33922
	tagMatrix       = 34264
	tagGeoKeys      = 34735
	tagGeoDoubles   = 34736
	tagGeoASCII     = 34737
	tagGDALMetadata = 42112
	tagGDALNodata   = 42113
	tagRPC          = 50844
	tagC2PA         = 52545
)

// The compressions that are read.
const (
	tiffNone      = 1
	tiffCCITTRLE  = 2
	tiffCCITT3    = 3
	tiffCCITT4    = 4
	tiffLZW       = 5
	tiffOldJPEG   = 6
	tiffJPEG      = 7
	tiffDeflate   = 8
	tiffPackBits  = 32773
	tiffOldFlate  = 32946
	tiffCCITTRLEW = 32771
	tiffZSTD      = 50000
	tiffWebP      = 50001
)

var tiffCompressions = map[int]string{
	tiffNone: "none", tiffCCITTRLE: "ccitt rle", tiffCCITT3: "ccitt group 3", tiffCCITT4: "ccitt group 4", tiffLZW: "lzw",
	tiffJPEG: "jpeg", tiffDeflate: "deflate", tiffPackBits: "packbits",
	tiffOldFlate: "deflate", tiffCCITTRLEW: "ccitt rle", tiffZSTD: "zstd", tiffWebP: "webp",
}

// tiffUnread names compressions that are refused.
var tiffUnread = map[int]string{
	tiffOldJPEG: "old-style JPEG", 9: "JBIG", 10: "JBIG", 32766: "NeXT", 32809: "ThunderScan", 32947: "Kodak DCS", 34661: "JBIG", 34676: "SGI LogLuv", 34677: "SGI LogLuv",
	34712: "JPEG 2000", 33003: "JPEG 2000", 33004: "JPEG 2000", 33005: "JPEG 2000", 34887: "LERC", 34892: "DNG lossy JPEG",
	34925: "LZMA", 50002: "JPEG XL", 52546: "JPEG XL",
}

// Photometric interpretations.
const (
	photoWhiteIsZero = 0
	photoBlackIsZero = 1
	photoRGB         = 2
	photoPalette     = 3
	photoMask        = 4
	photoCMYK        = 5
	photoYCbCr       = 6
	photoLab         = 8
)
