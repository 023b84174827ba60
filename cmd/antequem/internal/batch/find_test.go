package batch_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/antequem/antequem/cmd/antequem/internal/batch"
	"github.com/antequem/antequem/imagery"
	"github.com/google/go-cmp/cmp"
)

// within goes to a new folder that holds the files, each a case unless it says otherwise.
func within(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if text == "" {
			text = "title: A case\n"
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFind(t *testing.T) {
	const table = "before,after,name\na.png,b.png,\na.png,b.png,\nc.png,d.png,Über den Dächern!\n"
	files := map[string]string{
		"cases/clinic/case.yaml":   "",
		"cases/school.yml":         "",
		"cases/.git/case.yaml":     "",
		"cases/config.yaml":        "listen: 127.0.0.1:1\n",
		"cases/torn.yaml":          "title: [\n",
		"more/clinic/case.yaml":    "",
		"more/results/x/case.yaml": "",
		"pairs.csv":                table,
		"empty/readme.txt":         "nothing",
	}
	for _, c := range []struct {
		does string
		args []string
		want []string
	}{
		{"a folder gives the cases below it, not other settings nor hidden folders, and what can't be read counts as one", []string{"cases"}, []string{"clinic", "school", "torn"}},
		{"a case is called by its folder where its file is just case.yaml", []string{"cases/clinic/case.yaml"}, []string{"clinic"}},
		{"what is called alike takes more of its path", []string{"cases/clinic", "more"}, []string{"cases-clinic", "more-clinic"}},
		{"what is named twice is judged once", []string{"cases/school.yml", "cases", "./cases/school.yml"}, []string{"school", "clinic", "torn"}},
		{"a pattern that no shell has opened", []string{"cases/*.yml"}, []string{"school"}},
		{"pairs are called by their name or their pictures, and numbered where that is not enough", []string{"pairs.csv"}, []string{"a_b", "a_b-2", "über-den-dächern"}},
	} {
		t.Run(c.does, func(t *testing.T) {
			within(t, files)
			items, err := batch.Find(c.args, "more/results")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, it := range items {
				got = append(got, it.Name)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("names (-want +got):\n%s", d)
			}
		})
	}
}

func TestFindFollowsALinkToAFolder(t *testing.T) {
	within(t, map[string]string{"cases/clinic.yaml": ""})
	if err := os.Symlink("cases", "link"); err != nil {
		t.Logf("no links here: %v", err)
		return
	}
	items, err := batch.Find([]string{"link"}, "")
	if err != nil || len(items) != 1 || items[0].Path != "link/clinic.yaml" {
		t.Errorf("%v, %v", items, err)
	}
}

func TestFindSaysWhatIsNotThere(t *testing.T) {
	within(t, map[string]string{"empty/readme.txt": "nothing"})
	for _, arg := range []string{"nowhere", "nowhere/*.yaml", "empty"} {
		if _, err := batch.Find([]string{arg}, ""); !errors.Is(err, imagery.ErrNotFound) {
			t.Errorf("%s: %v, want not found", arg, err)
		}
	}
}

func TestFoldersCanBeMadeOnEverySystem(t *testing.T) {
	within(t, map[string]string{"pairs.csv": "before,after,name\n" +
		"a,b,../../etc\na,b,CON<>|?\na,b,...\na,b,مستشفى القدس\na,b,a/b\\c\n"})
	items, err := batch.Find([]string{"pairs.csv"}, "")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, it := range items {
		got = append(got, it.Name)
	}
	if d := cmp.Diff([]string{"etc", "case-con", "case", "مستشفى-القدس", "a-b-c"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
