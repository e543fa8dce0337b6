package image_test

import (
	"testing"

	"github.com/millrace/millrace/internal/documented"
)

func TestEveryNameHasAnExample(t *testing.T) {

	documented.EveryNameHasAnExample(t, "image",
		// What a report holds, and what only errors.Is calls.
		"Platform", "Layer", "Audit", ".Unwrap")
}

func TestExamplesPrint(t *testing.T) { documented.ExamplesPrint(t) }
func TestFileMap(t *testing.T)       { documented.FileMap(t) }
