#!/bin/sh
# Submits the Spark job etl-orders-daily to Kubernetes, waits for
# its end, and ends with the driver's exit code, which spark-submit only logs.
# What follows on the command line goes to the job, after its own arguments.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd | sed 's/%/%25/g; s/ /%20/g; s/#/%23/g; s/?/%3F/g')
{ "${SPARK_HOME:+$SPARK_HOME/bin/}spark-submit" \
  --master k8s://https://k8s-api.internal:6443 \
  --deploy-mode cluster \
  --name etl-orders-daily \
  --conf spark.decommission.enabled=true \
  --conf spark.driver.cores=2 \
  --conf spark.driver.memory=4g \
  --conf spark.eventLog.compress=true \
  --conf spark.eventLog.dir=s3a://data-platform-logs/spark-events/ \
  --conf spark.eventLog.enabled=true \
  --conf spark.eventLog.rolling.enabled=true \
  --conf spark.eventLog.rolling.maxFileSize=128m \
  --conf spark.executor.cores=4 \
  --conf spark.executor.instances=10 \
  --conf spark.executor.memory=8g \
  --conf spark.kubernetes.allocation.batch.size=20 \
  --conf spark.kubernetes.authenticate.driver.serviceAccountName=spark-executor \
  --conf spark.kubernetes.container.image=company-registry/spark:3.5.1-python3.11 \
  --conf spark.kubernetes.container.image.pullPolicy=IfNotPresent \
  --conf spark.kubernetes.driver.annotation.cluster-autoscaler.kubernetes.io/safe-to-evict=false \
  --conf spark.kubernetes.driver.annotation.karpenter.sh/do-not-disrupt=true \
  --conf spark.kubernetes.driver.connectionTimeout=60000 \
  --conf spark.kubernetes.driver.request.cores=2 \
  --conf spark.kubernetes.driver.requestTimeout=60000 \
  --conf spark.kubernetes.executor.annotation.cluster-autoscaler.kubernetes.io/safe-to-evict=false \
  --conf spark.kubernetes.executor.annotation.karpenter.sh/do-not-disrupt=true \
  --conf spark.kubernetes.executor.request.cores=3 \
  --conf spark.kubernetes.namespace=data-platform \
  --conf spark.kubernetes.submission.connectionTimeout=60000 \
  --conf spark.kubernetes.submission.requestTimeout=60000 \
  --conf spark.scheduler.maxRetainedRemovedDecommissionExecutors=20 \
  --conf spark.sql.adaptive.autoBroadcastJoinThreshold=10m \
  --conf spark.sql.autoBroadcastJoinThreshold=-1 \
  --conf spark.stage.ignoreDecommissionFetchFailure=true \
  --conf spark.storage.decommission.enabled=true \
  --conf spark.storage.decommission.rddBlocks.enabled=true \
  --conf spark.storage.decommission.shuffleBlocks.enabled=true \
  --conf "spark.kubernetes.driver.podTemplateFile=$here/etl-orders-daily-driver.yaml" \
  --conf spark.kubernetes.driver.podTemplateContainerName=spark-kubernetes-driver \
  --conf "spark.kubernetes.executor.podTemplateFile=$here/etl-orders-daily-executor.yaml" \
  --conf spark.kubernetes.executor.podTemplateContainerName=spark-kubernetes-executor \
  local:///opt/spark/work-dir/jobs/orders_daily.py \
  "$@" 2>&1 ||
  printf '\nspark-submit ended with exit code %s\n' "$?"
} | {
  own= driver= phase= container=
  while IFS= read -r line; do
    printf '%s\n' "$line" >&2
    case $line in
    "spark-submit ended with exit code "*) own=${line##* } ;;
    *'container name: '*) container=${line##* } ;;
    *'exit code: '*) [ "$container" != spark-kubernetes-driver ] || driver=${line##* } ;;
    *'phase: Succeeded'*) phase=0 ;;
    *'phase: Failed'*) phase=1 ;;
    esac
  done
  code=${own:-${driver:-$phase}}
  if [ -z "$code" ]; then
    echo "The log doesn't say how the driver ended. It does at the level info of org.apache.spark.deploy.k8s." >&2
    code=1
  fi
  exit "$code"
}
