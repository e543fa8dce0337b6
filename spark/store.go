package spark

import (
	"fmt"
	"strings"

	"github.com/millrace/millrace"
)

// Store is an object store that a job reads and writes: S3A, GCS or ABFS. It
// says where the store is, and by which identity the job comes to it.
//
// Secrets are never part of a manifest. An identity that the cloud gives to
// the job's service account needs none; where one can't do without, driver
// and executors read it from a secret of Kubernetes.
//
// What a store means is rendered in spec.hadoopConf; by Submit and
// ApacheOperator, which don't have it, in Spark's settings, after
// "spark.hadoop.". The same settings in HadoopConf or Conf are a conflict. The
// client of the store has to be in the image, or in Deps.Packages, in exactly
// the version of the Hadoop that Spark comes with:
//
//	Spark 3.2       Hadoop 3.3.1
//	Spark 3.3       Hadoop 3.3.2
//	Spark 3.4, 3.5  Hadoop 3.3.4
//	Spark 4.0       Hadoop 3.4.1
//	Spark 4.1       Hadoop 3.4.2
//
// Source: apache/spark, pom.xml of these versions, hadoop.version.
type Store interface {
	part
	// place is what the settings hold for. Two stores can't share one.
	place() string
}

// checkStores reports stores that say different things about one place.
func (j *Job) checkStores(p *millrace.Problems) {
	places := make(map[string]string)
	for i, store := range j.Stores {
		if notAValue(store) {
			continue
		}
		field, place := fmt.Sprintf("Stores[%d]", i), store.place()
		if before, ok := places[place]; ok {
			p.Add(millrace.RuleDuplicate, field, before+" is about "+place+" as well", "join the two, or give each a bucket or account of its own")
			continue
		}
		places[place] = field
	}
	// Renaming a directory is not one step in any of them.
	// Source: hadoop-aws, committers.
	if value, at := j.said(keyCommitAlgorithm); value == "2" && len(places) > 0 {
		p.Conflict(at, "a task that fails while it commits leaves parts of its files in an object store", "leave it out")
	}
}

// envReference is how Hadoop reads a variable of its own process: the secret
// is in the pods, and not in the settings.
// Source: apache/hadoop, Configuration.substituteVars.
func envReference(name string) string { return "${env." + name + "}" }

// variableName makes a name of a variable from words.
func variableName(words ...string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToUpper(strings.Join(words, "_")))
}

const (
	keyCommitProtocol   = "spark.sql.sources.commitProtocolClass"
	keyParquetCommitter = "spark.sql.parquet.output.committer.class"
	keyCommitAlgorithm  = hadoopPrefix + "mapreduce.fileoutputcommitter.algorithm.version"
	keyOverwriteMode    = "spark.sql.sources.partitionOverwriteMode"
	committerFactory    = "mapreduce.outputcommitter.factory.scheme."
	manifestFactory     = "org.apache.hadoop.mapreduce.lib.output.committer.manifest.ManifestCommitterFactory"
	abfsManifestFactory = "org.apache.hadoop.fs.azurebfs.commit.AzureManifestCommitterFactory"
	// manifestSince is the first Spark whose Hadoop has the manifest
	// committer (3.3.5).
	manifestSince = "4.0"
)

// committer binds Spark's writers to the committer that a factory makes.
// Source: Spark, integration with cloud infrastructures; hadoop-aws,
// committers.
func (s *settings) committer(field, scheme, factory string) {
	s.set(field, keyCommitProtocol, "org.apache.spark.internal.io.cloud.PathOutputCommitProtocol")
	s.set(field, keyParquetCommitter, "org.apache.spark.internal.io.cloud.BindingParquetOutputCommitter")
	s.hadoop(field, committerFactory+scheme, factory)
}

// host reports what is no host or URL of a server.
func (c partCheck) host(field, value, example string) {
	if value == "" {
		return
	}
	if !strings.Contains(value, "://") {
		value = "https://" + value
	}
	checkHTTP(c.Problems, c.field(field), value, example)
}
