package spark_test

import (
	"testing"

	"github.com/millrace/millrace/internal/documented"
)

func TestEveryNameHasAnExample(t *testing.T) {
	documented.EveryNameHasAnExample(t, "spark",
		// Words, whose constants stand where they are used.
		"CelebornWriter", "Concurrency", "Language", "Mode", "PullPolicy", "RestartPolicy", "RetainPolicy", "S3Algorithm", "UniffleStorage",
		// Choices of several types, each of which has an example.
		"AWSCredentials", "AzureCredentials", "GoogleCredentials", "Metrics", "Shuffle",
		// What methods of a Job of these names, and their results, return.
		"BetterFit", "Default", "Explanation", "MemoryPart", "NodeFit", "PodResources", "PodSize", "Submission")
}

func TestExamplesPrint(t *testing.T) { documented.ExamplesPrint(t) }

// TestFileMap holds the map of the files in doc.go to the files.
func TestFileMap(t *testing.T) { documented.FileMap(t) }
