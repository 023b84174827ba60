package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

// settingsOf loads the settings of a call that names the config file text.
func settingsOf(t *testing.T, text string) (settings, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := &cobra.Command{}
	cmd.Flags().String("config", path, "")
	return loadSettings(cmd)
}

func TestConfigFileHoldsEveryDefault(t *testing.T) {
	text, err := os.ReadFile("../../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	got, err := settingsOf(t, string(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(defaultSettings(), got); diff != "" {
		t.Errorf("config.yaml differs from the code (-code +file):\n%s", diff)
	}
	for _, key := range settingKeys(t) {
		if last := key[strings.LastIndex(key, ".")+1:]; !strings.Contains(string(text), last+":") {
			t.Errorf("config.yaml does not explain %s", key)
		}
	}
}

func TestTheEnvironmentNamesTheFileUnlessTheCallDoes(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	env, flag := file("env.yaml", "workers: 3"), file("flag.yaml", "workers: 5")
	for _, c := range []struct {
		env, flag string
		want      int
	}{{env, "", 3}, {env, flag, 5}, {"", flag, 5}, {"", "", 0}} {
		t.Setenv("ANTEQUEM_CONFIG", c.env)
		cmd := &cobra.Command{}
		cmd.Flags().String("config", c.flag, "")
		if s, err := loadSettings(cmd); err != nil || s.Workers != c.want {
			t.Errorf("%q in the environment, %q in the call: %d workers, %v; want %d", c.env, c.flag, s.Workers, err, c.want)
		}
	}
	t.Setenv("ANTEQUEM_CONFIG", filepath.Join(dir, "none.yaml"))
	if _, err := loadSettings(&cobra.Command{}); exitStatus(err) != exitUsage {
		t.Errorf("a file that is not there: %v", err)
	}
	if help := newRoot().PersistentFlags().FlagUsages(); !strings.Contains(help, "ANTEQUEM_CONFIG") {
		t.Errorf("help is silent about it:\n%s", help)
	}
}

func TestMisspeltKeyStopsTheProgram(t *testing.T) {
	_, err := settingsOf(t, "server:\n  orgin: https://example.org\n")
	if err == nil || !strings.Contains(err.Error(), "orgin") || exitStatus(err) != exitUsage {
		t.Errorf("got %v, status %d; want the key named and status 2", err, exitStatus(err))
	}
}

func TestEnvironmentWinsOverTheFile(t *testing.T) {
	t.Setenv("ANTEQUEM_MEASURE_TIMELINE_ALPHA", "0.002")
	s, err := settingsOf(t, "measure: {timeline: {alpha: 0.03}}")
	if err != nil || s.Measure.Timeline.Alpha != 0.002 {
		t.Errorf("alpha %v, %v; want 0.002", s.Measure.Timeline.Alpha, err)
	}
}

func TestSettingsOutOfRangeAreNamed(t *testing.T) {
	for name, text := range map[string]string{
		"a log level nobody knows":     "log: {level: loud}",
		"no room for any picture":      "limits: {max_pixels: 0}",
		"a number of workers below 0":  "workers: -1",
		"a text where a number stands": "workers: many",
		"a file that is no YAML":       "\t:",
		"a time without its unit":      "server: {request_timeout: 30}",
		"a time of no length":          "people: {idle: 24}",
		"half a worker":                "workers: 1.5",
		"a truth where a number goes":  "workers: true",
		"a number where a part stands": "measure: {align: 3}",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := settingsOf(t, text); err == nil || exitStatus(err) != exitUsage {
				t.Errorf("got %v, want a usage error", err)
			}
		})
	}
}

func TestAWrongSettingIsSaidToBeWhereItStands(t *testing.T) {
	t.Chdir(t.TempDir())
	cmd := &cobra.Command{}
	cmd.Flags().String("config", "", "")
	for value, want := range map[string]string{
		"-1":   "settings: options: workers -1: want 0 or more",
		"many": "settings: 'workers' cannot parse value as 'int'",
	} {
		t.Setenv("ANTEQUEM_WORKERS", value)
		if _, err := loadSettings(cmd); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func settingKeys(t *testing.T) []string {
	t.Helper()
	flat, err := flatten(defaultSettings())
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(flat))
}
