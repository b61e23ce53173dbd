package dev.eider.e2e.cluster;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;

/**
 * PostgreSQL and an S3 server in a namespace, for lakes that lie elsewhere: a database {@code
 * eider}, and the bucket {@code lakes} behind TLS with a certificate of its own. Both run under
 * restricted Pod Security.
 */
public final class LakeServers {
  /** Secret with the keys of the object store. */
  public static final String KEYS = "s3-keys";

  /** Secret whose {@code ca.crt} is the object store's certificate. */
  public static final String CERTIFICATE = "s3-tls";

  /** Secret of the database, with the keys that CloudNativePG's have. */
  public static final String DATABASE = "lake-db-app";

  /** The only bucket. */
  public static final String BUCKET = "lakes";

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Namespace namespace;

  private LakeServers(Namespace namespace) {
    this.namespace = namespace;
  }

  /** Starts both and waits until they answer. */
  public static LakeServers start(Namespace namespace) {
    String image = namespace.cluster().serversImage();
    LakeServers servers = new LakeServers(namespace);
    Certificate certificate = Certificate.of(servers.s3Host());
    namespace.apply(secrets(namespace.name(), certificate));
    namespace.apply(manifests(image));
    Progress.run(
        "PostgreSQL and the S3 server become ready",
        () -> {
          servers.awaitReady("postgres");
          servers.awaitReady("s3");
        });
    return servers;
  }

  private String s3Host() {
    return "s3.%s.svc".formatted(namespace.name());
  }

  /** Where the object store answers inside the cluster. */
  public String endpoint() {
    return "https://%s:9000".formatted(s3Host());
  }

  /** Takes the object store away; what is in it stays. */
  public void stopS3() {
    Progress.run(
        "the S3 server goes away",
        () -> {
          namespace.kubectl("scale", "deployment/s3", "--replicas=0");
          await("no pod of it is left")
              .atMost(PATIENCE)
              .until(
                  () -> namespace.kubectl("get", "pods", "-l", "app=s3", "-o", "name").isEmpty());
        });
  }

  /** Brings it back. */
  public void startS3() {
    Progress.run(
        "the S3 server comes back",
        () -> {
          namespace.kubectl("scale", "deployment/s3", "--replicas=1");
          awaitReady("s3");
        });
  }

  private void awaitReady(String deployment) {
    namespace.kubectl("rollout", "status", "deployment/" + deployment, "--timeout=180s");
  }

  /** The Parquet files in the bucket, by their names in it. */
  public List<String> parquetFiles() {
    return namespace
        .kubectl(
            "exec",
            "deployment/s3",
            "--",
            "/bin/busybox",
            "find",
            "/data/s3/" + BUCKET,
            "-name",
            "*.parquet",
            "-type",
            "f")
        .lines()
        .map(path -> path.replaceFirst("^/data/s3/" + BUCKET + "/", ""))
        .sorted()
        .toList();
  }

  /** The schemas that lakes have made in the database. */
  public List<String> lakeSchemas() {
    return namespace
        .kubectl(
            "exec",
            "deployment/postgres",
            "--",
            "/bin/sh",
            "-c",
            "PGPASSWORD=$EIDER_PASSWORD exec /opt/servers/postgresql/psql -h 127.0.0.1 -U eider -d"
                + " eider -Atc \"select schema_name from information_schema.schemata where"
                + " schema_name like 'eider\\_%' order by 1\"")
        .lines()
        .toList();
  }

  private static String secrets(String namespace, Certificate certificate) {
    return """
        apiVersion: v1
        kind: Secret
        metadata: {name: %s}
        stringData: {AWS_ACCESS_KEY_ID: e2e, AWS_SECRET_ACCESS_KEY: of-e2e-tests-alone}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: %s}
        stringData:
          tls.crt: |
        %s
          ca.crt: |
        %s
          tls.key: |
        %s
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: %s}
        stringData:
          {host: postgres.%s.svc, port: "5432", dbname: eider, user: eider, username: eider, password: of-e2e-tests-alone}
        """
        .formatted(
            KEYS,
            CERTIFICATE,
            certificate.certificate().indent(4).stripTrailing(),
            certificate.certificate().indent(4).stripTrailing(),
            certificate.key().indent(4).stripTrailing(),
            DATABASE,
            namespace);
  }

  private static String manifests(String image) {
    return """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: s3}
        spec:
          accessModes: [ReadWriteOnce]
          resources: {requests: {storage: 1Gi}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: s3}
        spec: {selector: {app: s3}, ports: [{port: 9000}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: postgres}
        spec: {selector: {app: postgres}, ports: [{port: 5432}]}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: s3}
        spec:
          strategy: {type: Recreate}
          selector: {matchLabels: {app: s3}}
          template:
            metadata: {labels: {app: s3}}
            spec:
              automountServiceAccountToken: false
              enableServiceLinks: false
              terminationGracePeriodSeconds: 5
              securityContext:
                {runAsNonRoot: true, runAsUser: 10001, fsGroup: 10001, seccompProfile: {type: RuntimeDefault}}
              containers:
                - name: s3
                  image: %1$s
                  command: [start-s3, lakes]
                  env:
                    - name: ROOT_ACCESS_KEY
                      valueFrom: {secretKeyRef: {name: s3-keys, key: AWS_ACCESS_KEY_ID}}
                    - name: ROOT_SECRET_KEY
                      valueFrom: {secretKeyRef: {name: s3-keys, key: AWS_SECRET_ACCESS_KEY}}
                  readinessProbe: {httpGet: {path: /health, port: 9000, scheme: HTTPS}, periodSeconds: 1}
                  resources: {limits: {memory: 256Mi}}
                  securityContext:
                    {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
                  volumeMounts:
                    - {name: data, mountPath: /data}
                    - {name: tls, mountPath: /tls, readOnly: true}
              volumes:
                - {name: data, persistentVolumeClaim: {claimName: s3}}
                - {name: tls, secret: {secretName: s3-tls, defaultMode: 0440}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: postgres}
        spec:
          strategy: {type: Recreate}
          selector: {matchLabels: {app: postgres}}
          template:
            metadata: {labels: {app: postgres}}
            spec:
              automountServiceAccountToken: false
              enableServiceLinks: false
              securityContext:
                {runAsNonRoot: true, runAsUser: 10001, fsGroup: 10001, seccompProfile: {type: RuntimeDefault}}
              containers:
                - name: postgres
                  image: %1$s
                  command: [start-postgres]
                  env:
                    - name: EIDER_PASSWORD
                      valueFrom: {secretKeyRef: {name: lake-db-app, key: password}}
                  readinessProbe:
                    exec: {command: [/opt/servers/postgresql/pg_isready, -h, 127.0.0.1, -U, eider]}
                    periodSeconds: 1
                    timeoutSeconds: 3
                  resources: {limits: {memory: 384Mi}}
                  securityContext:
                    {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
                  volumeMounts:
                    - {name: data, mountPath: /data}
                    - {name: tmp, mountPath: /tmp}
              volumes:
                - {name: data, emptyDir: {}}
                - {name: tmp, emptyDir: {}}
        """
        .formatted(image);
  }
}
