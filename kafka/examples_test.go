package kafka_test

import (
	"testing"

	"github.com/millrace/millrace/internal/documented"
)

func TestEveryNameHasAnExample(t *testing.T) {
	documented.EveryNameHasAnExample(t, "kafka",
		// Words, whose constants stand where they are used.
		"ArtifactType", "Authentication", "Cleanup", "Compression", "ConnectorState", "Effect", "Expiration", "ListenerType", "Mechanism",
		"MetricType", "MovementStrategy", "OffsetReset", "RebalanceAction", "RebalanceMode", "TimestampType", "UpgradeKind",
		// Choices of several types, each of which has an example.
		"Login", "Metrics", "Quotas",
		// What Plan and Upgrade return.
		"Changes", "UpgradeChange", "UpgradeDecision", "Upgraded")
}

func TestExamplesPrint(t *testing.T) { documented.ExamplesPrint(t) }

// TestFileMap holds the map of the files in doc.go to the files.
func TestFileMap(t *testing.T) { documented.FileMap(t) }
