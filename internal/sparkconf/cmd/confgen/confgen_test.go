package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sources has every form of declaration that Spark uses.
const sources = `
package org.apache.spark.internal
// ConfigBuilder("spark.comment").stringConf.createOptional
object Names { val OLD = "spark.old"; val PREFIX = "spark.p" }
object Policy extends Enumeration { val FIRST, LAST = Value }
object Config {
  val LIMIT = 1024 * 1024
  val A = ConfigBuilder("spark.a").doc("a \"quoted\" text, with (brackets" + s" and ${B.key}")
    .version("1.0.0").withAlternative(Names.OLD).internal().booleanConf.createWithDefault(true)
  private[spark] val B: ConfigEntry[Long] = ConfigBuilder(s"${Names.PREFIX}.b").version("1.1.0")
    .bytesConf(ByteUnit.KiB).checkValue(v => v > 0 && v <= LIMIT - 1, "too much").createWithDefault(4)
  val C = buildConf("spark.c").version("2.0.0").timeConf(TimeUnit.SECONDS).checkValue(_ >= 0, "x").createWithDefaultString("2min")
  val D = buildStaticConf("spark.d").version("2.0.0").stringConf.transform(_.toUpperCase(Locale.ROOT))
    .checkValues(Policy.values.map(_.toString)).createWithDefault(Policy.LAST.toString)
  val E = ConfigBuilder("spark.e").fallbackConf(B)
  val F = ConfigBuilder("spark.f").version("3.0.0").stringConf.toSequence.createWithDefault(Nil)
  val G = ConfigBuilder("spark.g").version("3.0.0").stringConf.checkValue(Set("x", "y").contains, "x").createOptional
  val H = ConfigBuilder("spark.h").version("3.0.0").enumConf(Policy).createWithDefault(Policy.FIRST)
  val I = ConfigBuilder("spark.i").version("3.0.0").withPrepended("spark.j").stringConf.createOptional
  val K = ConfigBuilder("spark.k").version("3.0.0").intConf.createWithDefault(Runtime.getRuntime.cores)
  val L = ConfigBuilder("spark.l").version("3.0.0").longConf.checkValue(v => known(v), "x").createWithDefault(TimeUnit.MINUTES.toMillis(2))
  val M = ConfigBuilder("spark.m").version("3.0.0").stringConf.createWithDefault(classOf[Config].getName)
  DeprecatedConfig("spark.q", "2.2.0", "not used"); RemovedConfig("spark.sql.r", "3.1.0", "", "")
  def buildConf(key: String): ConfigBuilder = ConfigBuilder(key)
  conf.get("spark.read.only")
}
`

const transport = `
public class Transport {
  // "spark.in.a.comment"
  static final String MODE = getConfKey("io.mode");
}
`

func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTable(t *testing.T) {
	before := write(t, map[string]string{"Config.scala": `object Config {
  val A = ConfigBuilder("spark.a").version("1.0.0").withAlternative("spark.old").internal().booleanConf.createWithDefault(false)
  val F = ConfigBuilder("spark.f").version("3.0.0").stringConf.toSequence.createWithDefault(Nil)
  val GONE = ConfigBuilder("spark.gone").version("1.0.0").doubleConf.createWithDefault(0.5)
}`})
	now := write(t, map[string]string{"Config.scala": sources, "Transport.java": transport})
	out := filepath.Join(t.TempDir(), "settings.txt")
	if err := run(out, []string{"3.5=" + before, "4.1=" + now}); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{
		"#|3.5|4.1",
		"spark.a|a|1.0.0|bool|=false|was=spark.old|internal",
		"spark.a|b|1.0.0|bool|=true|was=spark.old|internal",
		"spark.c|b|2.0.0|time:s|=2min|bounds=>=0",
		"spark.d|b|2.0.0|string|=LAST|values=FIRST,LAST|fold",
		"spark.e|b||bytes:k|@spark.p.b|bounds=>0 <=1048575",
		"spark.f|ab|3.0.0|string*|=",
		"spark.files.io.mode|-",
		"spark.g|b|3.0.0|string||values=x,y",
		"spark.gone|a|1.0.0|double|=0.5",
		"spark.h|b|3.0.0|string|=FIRST|values=FIRST,LAST|fold",
		"spark.i|b|3.0.0|string||after=spark.j",
		"spark.j|-",
		"spark.k|b|3.0.0|int|?",
		"spark.l|b|3.0.0|long|=120000",
		"spark.m|b|3.0.0|string|=org.apache.spark.internal.Config",
		"spark.old|-",
		"spark.p|-",
		"spark.p.b|b|1.1.0|bytes:k|=4k|bounds=>0 <=1048575",
		"spark.q|-||||deprecated=2.2.0",
		"spark.read.only|-",
		"spark.rpc.io.mode|-",
		"spark.shuffle.io.mode|-",
		"spark.sql.r|-||||removed=3.1.0",
		"",
	}, "\n")
	readable := strings.NewReplacer("|", ",", "\t", "|").Replace(string(got))
	if diff := cmp.Diff(want, readable); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestUnclear(t *testing.T) {
	s, err := read("1.0", write(t, map[string]string{"Config.scala": `
val A = ConfigBuilder(somewhere.else).stringConf.createOptional
val B = ConfigBuilder("spark.b").version("1.0.0").oddConf.createOptional
`}))
	if err != nil {
		t.Fatal(err)
	}
	found, unclear := s.settings()
	if len(found) != 0 || len(unclear) != 2 || !strings.HasSuffix(unclear[0], "the key of a setting") || !strings.HasSuffix(unclear[1], "the type of spark.b") {
		t.Errorf("found %v, unclear %q", found, unclear)
	}
}

func TestArguments(t *testing.T) {
	for _, args := range [][]string{nil, {"3.5"}, {"3.5=" + t.TempDir()}, {"3.5=/no/such/directory"}} {
		if err := run(filepath.Join(t.TempDir(), "out"), args); err == nil {
			t.Errorf("%q is fine", args)
		}
	}
}
