package zone_test

import (
	"archive/zip"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/millrace/millrace/internal/zone"
)

func TestKnown(t *testing.T) {
	for name, want := range map[string]bool{
		"UTC": true, "Europe/Berlin": true, "America/Argentina/Buenos_Aires": true, "Etc/GMT+1": true, "US/Pacific": true,
		"": false, "Europe": false, "europe/berlin": false, "Europe/Berlin\n": false, "Mars/Olympus": false, "../etc/passwd": false,
	} {
		if got := zone.Known(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

func TestClosest(t *testing.T) {
	if got, _ := zone.Closest("Europe/Berln"); got != "Europe/Berlin" {
		t.Errorf("got %q", got)
	}
	if got, ok := zone.Closest("x"); ok {
		t.Errorf("got %q", got)
	}
}

// TestNames holds the list to the database that comes with Go. When Go has a
// new one, names.txt is to be made anew.
func TestNames(t *testing.T) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	r, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	n := 0
	for _, f := range r.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		n++
		if !zone.Known(f.Name) {
			t.Errorf("names.txt lacks %s", f.Name)
		}
	}
	if n < 500 {
		t.Errorf("the database of Go holds %d zones", n)
	}
}
