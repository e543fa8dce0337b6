package kafka_test

import (
	"testing"

	"github.com/millrace/millrace/internal/documented"
)

func TestEveryNameHasAnExample(t *testing.T) {
	documented.EveryNameHasAnExample(t, "kafka")
}

func TestExamplesPrint(t *testing.T) { documented.ExamplesPrint(t) }

// TestFileMap holds the map of the files in doc.go to the files.
func TestFileMap(t *testing.T) { documented.FileMap(t) }
