# Prints what a real Spark says about each of its settings, and which of some
# values it takes for it: python3 sparkconf.py SPARK_HOME '["true", "64m"]'
import glob
import json
import os
import sys

home = sys.argv[1]
values = json.loads(sys.argv[2])
os.environ["SPARK_HOME"] = home
sys.path[:0] = [os.path.dirname(home)] + glob.glob(os.path.join(home, "python", "lib", "py4j-*.zip"))

from pyspark.java_gateway import launch_gateway
from py4j.protocol import Py4JJavaError

gateway = launch_gateway()
jvm = gateway.jvm
loader = jvm.java.lang.Thread.currentThread().getContextClassLoader()
for name in ["internal.config.package", "internal.config.Deploy", "internal.config.History", "internal.config.Kryo", "internal.config.Network",
             "internal.config.Python", "internal.config.R", "internal.config.Status", "internal.config.Streaming", "internal.config.UI",
             "internal.config.Worker", "sql.internal.SQLConf", "sql.internal.StaticSQLConf", "deploy.k8s.Config", "sql.hive.HiveUtils", "streaming.StreamingConf"]:
    jvm.java.lang.Class.forName("org.apache.spark." + name + "$", True, loader)
entry = jvm.java.lang.Class.forName("org.apache.spark.internal.config.ConfigEntry$", True, loader)
field = entry.getDeclaredField("knownConfigs")
field.setAccessible(True)
known = field.get(entry.getField("MODULE$").get(None))
for key in sorted(known.keySet()):
    e = known.get(key)
    out = {"key": key, "since": e.version(), "public": e.isPublic(), "default": e.defaultValueString(), "was": e.alternatives().mkString(" "), "takes": []}
    convert = e.valueConverter()
    for i, v in enumerate(values):
        try:
            convert.apply(v)
            out["takes"].append(i)
        except Py4JJavaError:
            pass
    print(json.dumps(out))
gateway.shutdown()
