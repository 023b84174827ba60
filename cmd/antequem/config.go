package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/imagery/ingest"
	"github.com/antequem/antequem/server"
	"github.com/antequem/antequem/server/people"
	"github.com/go-viper/mapstructure/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/viper"
)

// settings is everything config.yaml can say; the keys are the field tags, and
// config.yaml explains each. A test keeps that file equal to defaultSettings.
type settings struct {
	Listen  string          `mapstructure:"listen"`
	Data    string          `mapstructure:"data"`
	Workers int             `mapstructure:"workers"`
	Limits  limitSettings   `mapstructure:"limits"`
	Measure measureSettings `mapstructure:"measure"`
	Archive archiveSettings `mapstructure:"archive"`
	Server  serverSettings  `mapstructure:"server"`
	People  peopleSettings  `mapstructure:"people"`
	Log     logSettings     `mapstructure:"log"`
}

type limitSettings struct {
	MaxBytes  int64 `mapstructure:"max_bytes"`
	MaxPixels int64 `mapstructure:"max_pixels"`
	Hourly    int   `mapstructure:"files_per_hour"`
}

type measureSettings struct {
	Context  int              `mapstructure:"context"`
	Align    alignSettings    `mapstructure:"align"`
	Timeline timelineSettings `mapstructure:"timeline"`
}

type alignSettings struct {
	Evidence float64 `mapstructure:"evidence"`
	MaxError float64 `mapstructure:"max_error"`
	MaxShear float64 `mapstructure:"max_shear"`
	MinScale float64 `mapstructure:"min_scale"`
	MaxScale float64 `mapstructure:"max_scale"`
}

type timelineSettings struct {
	Context   int     `mapstructure:"context"`
	Controls  int     `mapstructure:"controls"`
	Alpha     float64 `mapstructure:"alpha"`
	Effect    float64 `mapstructure:"effect"`
	Kept      float64 `mapstructure:"kept"`
	Slight    float64 `mapstructure:"slight"`
	Still     float64 `mapstructure:"still"`
	Moved     float64 `mapstructure:"moved"`
	Doubt     float64 `mapstructure:"doubt"`
	ToneDoubt float64 `mapstructure:"tone_doubt"`
	Miss      float64 `mapstructure:"miss"`
	Power     float64 `mapstructure:"power"`
	Trials    int     `mapstructure:"trials"`
	ShareSeen float64 `mapstructure:"share_seen"`
}

type archiveSettings struct {
	MinFree    int64 `mapstructure:"min_free"`
	MaxResults int64 `mapstructure:"max_results"`
}

type serverSettings struct {
	Origin         string        `mapstructure:"origin"`
	Hosts          []string      `mapstructure:"hosts"`
	Proxies        []string      `mapstructure:"proxies"`
	ReadOnly       bool          `mapstructure:"read_only"`
	Originals      string        `mapstructure:"originals"`
	Metrics        string        `mapstructure:"metrics"`
	MaxUpload      int64         `mapstructure:"max_upload"`
	MaxForm        int64         `mapstructure:"max_form"`
	RequestTimeout time.Duration `mapstructure:"request_timeout"`
	UploadTimeout  time.Duration `mapstructure:"upload_timeout"`
	Grace          time.Duration `mapstructure:"grace"`
	WriteRate      float64       `mapstructure:"write_rate"`
	WriteBurst     int           `mapstructure:"write_burst"`
}

type peopleSettings struct {
	Idle       time.Duration `mapstructure:"idle"`
	Session    time.Duration `mapstructure:"session"`
	Guesses    float64       `mapstructure:"guesses"`
	GuessEvery time.Duration `mapstructure:"guess_every"`
}

type logSettings struct {
	Level  string `mapstructure:"level"`
	Format string `mapstructure:"format"`
}

func defaultSettings() settings {
	lim, as, ar, sv := decode.DefaultLimits(), assess.DefaultOptions(), archive.DefaultOptions(), server.DefaultConfig()
	pe := people.DefaultOptions()
	return settings{
		Listen: "127.0.0.1:8080",
		Data:   "data",
		Limits: limitSettings{MaxBytes: lim.MaxBytes, MaxPixels: lim.MaxPixels, Hourly: ingest.DefaultOptions().Hourly},
		Measure: measureSettings{
			Context: as.Context,
			Align: alignSettings{
				Evidence: as.Align.Evidence, MaxError: as.Align.MaxError, MaxShear: as.Align.MaxShear,
				MinScale: as.Align.MinScale, MaxScale: as.Align.MaxScale,
			},
			Timeline: timelineSettings{
				Context: as.Timeline.Context, Controls: as.Timeline.Controls, Alpha: as.Timeline.Alpha,
				Effect: as.Timeline.Effect, Kept: as.Timeline.Kept, Slight: as.Timeline.Slight, Still: as.Timeline.Still,
				Moved: as.Timeline.Moved, Doubt: as.Timeline.Doubt, ToneDoubt: as.Timeline.ToneDoubt,
				Miss: as.Timeline.Miss, Power: as.Timeline.Power, Trials: as.Timeline.Trials, ShareSeen: as.Timeline.ShareSeen,
			},
		},
		Archive: archiveSettings{MinFree: ar.MinFree, MaxResults: ar.MaxResults},
		Server: serverSettings{
			Origin: sv.Origin, Hosts: []string{}, Proxies: []string{}, ReadOnly: sv.ReadOnly,
			Originals: string(sv.Originals), Metrics: string(sv.Metrics),
			MaxUpload: sv.MaxUpload, MaxForm: sv.MaxForm,
			RequestTimeout: sv.RequestTimeout, UploadTimeout: sv.UploadTimeout, Grace: sv.Grace,
			WriteRate: sv.WriteRate, WriteBurst: sv.WriteBurst,
		},
		People: peopleSettings{Idle: pe.Idle, Session: pe.Session, Guesses: pe.Guesses, GuessEvery: pe.GuessEvery},
		Log:    logSettings{Level: "info", Format: "text"},
	}
}

// loadSettings reads the defaults, then the config file, then ANTEQUEM_… in the
// environment, then the flags that were given; each wins over the one before.
func loadSettings(cmd *cobra.Command) (settings, error) {
	v := viper.New()
	if err := setDefaults(v, defaultSettings()); err != nil {
		return settings{}, err
	}
	v.SetEnvPrefix("ANTEQUEM")
	v.SetEnvKeyReplacer(strings.NewReplacer(".", "_"))
	v.AutomaticEnv()
	path, _ := cmd.Flags().GetString("config")
	if path == "" {
		path = os.Getenv("ANTEQUEM_CONFIG")
	}
	named := path != ""
	if !named {
		path = "config.yaml"
	}
	v.SetConfigFile(path)
	v.SetConfigType("yaml")
	where := "config " + path
	if err := v.ReadInConfig(); errors.Is(err, fs.ErrNotExist) && !named {
		where = "settings" // from the environment and the flags
	} else if err != nil {
		return settings{}, usage(fmt.Errorf("%s: %w", where, err))
	}
	for key, flag := range map[string]string{"listen": "listen", "data": "data", "workers": "workers"} {
		if f := cmd.Flags().Lookup(flag); f != nil && f.Changed {
			v.Set(key, f.Value.String())
		}
	}
	var s settings
	hooks := mapstructure.ComposeDecodeHookFunc(ofItsKind, mapstructure.StringToTimeDurationHookFunc(), mapstructure.StringToSliceHookFunc(","))
	if err := v.UnmarshalExact(&s, viper.DecodeHook(hooks)); err != nil {
		return settings{}, usage(fmt.Errorf("%s: %w", where, plainKeys(err)))
	}
	if err := s.validate(); err != nil {
		return settings{}, usage(fmt.Errorf("%s: %w", where, err))
	}
	return s, nil
}

// ofItsKind refuses values that viper would make something else of than was written: a
// time without its unit would be nanoseconds, and a broken number lose its fraction.
func ofItsKind(from, to reflect.Type, value any) (any, error) {
	number, broken := value.(float64)
	_, truth := value.(bool)
	switch {
	case to == reflect.TypeFor[time.Duration]() && from != to && from.Kind() != reflect.String:
		return nil, fmt.Errorf("%v: want a time with its unit, as 30s", value)
	case (to.Kind() == reflect.Int || to.Kind() == reflect.Int64) && broken && number != math.Trunc(number):
		return nil, fmt.Errorf("%v: want a whole number", value)
	case truth && to.Kind() != reflect.Bool:
		return nil, fmt.Errorf("%v: want no true or false", value)
	}
	return value, nil
}

// setDefaults gives viper every key, without which it doesn't look in the environment.
func setDefaults(v *viper.Viper, s settings) error {
	flat, err := flatten(s)
	for k, x := range flat {
		v.SetDefault(k, x)
	}
	return err
}

// flatten returns the settings by dotted key.
func flatten(s settings) (map[string]any, error) {
	var tree map[string]any
	if err := mapstructure.Decode(s, &tree); err != nil {
		return nil, err
	}
	flat := map[string]any{}
	var walk func(prefix string, m map[string]any)
	walk = func(prefix string, m map[string]any) {
		for k, x := range m {
			if sub, ok := x.(map[string]any); ok {
				walk(prefix+k+".", sub)
				continue
			}
			flat[prefix+k] = x
		}
	}
	walk("", tree)
	return flat, nil
}

// plainKeys says in one line which keys are unknown.
func plainKeys(err error) error {
	text := err.Error()
	if i := strings.Index(text, "has invalid keys: "); i >= 0 {
		keys, _, _ := strings.Cut(text[i+len("has invalid keys: "):], "\n")
		return fmt.Errorf("unknown key %s: see config.yaml in the repository for every key: %w", keys, imagery.ErrInvalid)
	}
	text = strings.TrimSpace(strings.TrimPrefix(text, "decoding failed due to the following error(s):"))
	return fmt.Errorf("%s: %w", strings.ReplaceAll(text, "\n", "; "), imagery.ErrInvalid)
}

func (s settings) validate() error {
	var level slog.Level
	switch {
	case s.Limits.MaxBytes <= 0, s.Limits.MaxPixels <= 0:
		return errors.New("limits: want more than 0")
	case s.Limits.Hourly < 0:
		return errors.New("limits.files_per_hour: want 0 or more")
	case s.Archive.MinFree < 0, s.Archive.MaxResults < 0:
		return errors.New("archive: want 0 or more bytes")
	case s.Log.Format != "text" && s.Log.Format != "json":
		return fmt.Errorf("log.format %q: want text or json", s.Log.Format)
	case level.UnmarshalText([]byte(s.Log.Level)) != nil:
		return fmt.Errorf("log.level %q: want debug, info, warn or error", s.Log.Level)
	}
	if err := errors.Join(s.server().Validate(), s.people().Validate()); err != nil {
		return err
	}
	return s.assess().Validate()
}

func (s settings) limits() decode.Limits {
	return decode.Limits{MaxBytes: s.Limits.MaxBytes, MaxPixels: s.Limits.MaxPixels}
}

func (s settings) assess() assess.Options {
	o, a, t := assess.DefaultOptions(), s.Measure.Align, s.Measure.Timeline
	o.Workers, o.Context = s.Workers, s.Measure.Context
	o.Align.Evidence, o.Align.MaxError, o.Align.MaxShear = a.Evidence, a.MaxError, a.MaxShear
	o.Align.MinScale, o.Align.MaxScale = a.MinScale, a.MaxScale
	o.Timeline.Context, o.Timeline.Controls, o.Timeline.Alpha = t.Context, t.Controls, t.Alpha
	o.Timeline.Effect, o.Timeline.Kept, o.Timeline.Slight, o.Timeline.Still, o.Timeline.Moved = t.Effect, t.Kept, t.Slight, t.Still, t.Moved
	o.Timeline.Doubt, o.Timeline.ToneDoubt = t.Doubt, t.ToneDoubt
	o.Timeline.Miss, o.Timeline.Power, o.Timeline.Trials, o.Timeline.ShareSeen = t.Miss, t.Power, t.Trials, t.ShareSeen
	return o
}

func (s settings) archive() archive.Options {
	o := archive.DefaultOptions()
	o.MinFree, o.MaxResults = s.Archive.MinFree, s.Archive.MaxResults
	return o
}

func (s settings) server() server.Config {
	v := s.Server
	return server.Config{
		Origin: v.Origin, Hosts: v.Hosts, Proxies: v.Proxies, ReadOnly: v.ReadOnly,
		Originals: server.Access(v.Originals), Metrics: server.Access(v.Metrics),
		MaxUpload: v.MaxUpload, MaxForm: v.MaxForm,
		RequestTimeout: v.RequestTimeout, UploadTimeout: v.UploadTimeout, Grace: v.Grace,
		WriteRate: v.WriteRate, WriteBurst: v.WriteBurst,
	}
}

func (s settings) people() people.Options {
	o := people.DefaultOptions()
	o.Idle, o.Session, o.Guesses, o.GuessEvery = s.People.Idle, s.People.Session, s.People.Guesses, s.People.GuessEvery
	return o
}

func (s settings) logger() *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(s.Log.Level)) // validate has read it already
	o := &slog.HandlerOptions{Level: level}
	if s.Log.Format == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, o))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, o))
}
