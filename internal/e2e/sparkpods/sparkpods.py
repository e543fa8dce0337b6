"""Asks Spark itself what its pods request.

It reads cases as JSON from its input: each has the file that runs and the
settings, and may be in client mode. It writes what the steps that make the
driver's and an executor's container put into their requests and limits.
"""

import json
import sys

from py4j.protocol import Py4JJavaError
from pyspark.java_gateway import launch_gateway

gateway = launch_gateway()
jvm = gateway.jvm
spark = jvm.org.apache.spark
k8s = spark.deploy.k8s
none = jvm.scala.Option.empty
secret_file = getattr(getattr(spark.internal.config, "package$"), "MODULE$").AUTH_SECRET_FILE()


def main_resource(case):
    main = case["main"]
    if main.endswith(".py"):
        return k8s.submit.PythonMainAppResource(main)
    if main.endswith(".R"):
        return k8s.submit.RMainAppResource(main)
    return k8s.submit.JavaMainAppResource(jvm.scala.Option.apply(main))


def resources(pod):
    def plain(quantities):
        return {name: quantities[name].toString() for name in quantities}

    have = pod.container().getResources()
    return {"requests": plain(have.getRequests()), "limits": plain(have.getLimits())}


def ask(case):
    conf = spark.SparkConf(False)
    for key, value in case["conf"].items():
        conf.set(key, value)
    conf.set("spark.master", "k8s://https://localhost:6443")
    conf.set("spark.app.name", "oracle")
    conf.set("spark.kubernetes.container.image", "spark")
    conf.set("spark.driver.host", "localhost")
    answer = {}
    if not case.get("client"):
        driver = k8s.KubernetesDriverConf(conf, "app", main_resource(case), "Main", gateway.new_array(jvm.String, 0), none())
        step = k8s.features.BasicDriverFeatureStep(driver)
        answer["driver"] = resources(step.configurePod(k8s.SparkPod.initialPod()))
        # What the steps hand on from where the job is submitted to the driver.
        for properties in (step, k8s.features.DriverCommandFeatureStep(driver)):
            handed = properties.getAdditionalPodSystemProperties()
            for key in ("spark.kubernetes.memoryOverheadFactor", "spark.kubernetes.resource.type"):
                if handed.contains(key):
                    conf.set(key, handed.apply(key))
    profiles = getattr(getattr(spark.resource, "ResourceProfile$"), "MODULE$")
    profiles.clearDefaultProfile()
    profile = profiles.getOrCreateDefaultProfile(conf)
    executor = k8s.KubernetesExecutorConf(conf, "app", "1", none(), profile.id())
    step = k8s.features.BasicExecutorFeatureStep(executor, spark.SecurityManager(conf, none(), secret_file), profile)
    answer["executor"] = resources(step.configurePod(k8s.SparkPod.initialPod()))
    answer["slots"] = profile.maxTasksPerExecutor(conf)
    return answer


answers = []
for case in json.load(sys.stdin):
    try:
        answers.append(ask(case))
    except Py4JJavaError as e:
        answers.append({"error": e.java_exception.toString()})
json.dump(answers, sys.stdout)
gateway.shutdown()
