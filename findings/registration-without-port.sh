#!/usr/bin/env bash
# Spring Cloud ZooKeeper: asking a registration for its instance breaks asking it for its port.
#
# What happens: a ServiceInstanceRegistration that was given no port says 0. After getServiceInstance() has been called once, getPort()
# throws. An application without a web server has no port; ZookeeperAutoServiceRegistration asks for it before it registers. Whoever
# wants to add metadata before that must ask for the instance, since getMetadata() is an unmodifiable empty map until then.
# Expected: 0 in both cases.
# Seen (spring-cloud-zookeeper-discovery 5.0.2, JDK 17):
#
#   before: 0
#   metadata before: UnsupportedOperationException
#   after: NullPointerException
#
# setPort(0) in place of getServiceInstance() makes the instance too, with a port.
#
# Ends with 0 while it is so, with 1 when the behaviour has changed. Needs a JDK 17 or newer and Maven; writes into a
# temporary folder only, and asks nobody anything.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >pom.xml <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencyManagement>
    <dependencies>
      <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-dependencies</artifactId><version>4.1.0</version><type>pom</type><scope>import</scope></dependency>
    </dependencies>
  </dependencyManagement>
  <dependencies>
    <dependency>
      <groupId>org.springframework.cloud</groupId><artifactId>spring-cloud-starter-zookeeper-discovery</artifactId><version>5.0.2</version>
      <exclusions><exclusion><groupId>io.netty</groupId><artifactId>*</artifactId></exclusion></exclusions>
    </dependency>
    <dependency><groupId>org.springframework.cloud</groupId><artifactId>spring-cloud-commons</artifactId><version>5.0.4</version></dependency>
  </dependencies>
</project>
POM
mvn -B -q -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars

cat >Finding.java <<'JAVA'
import org.springframework.cloud.zookeeper.discovery.ZookeeperInstance;
import org.springframework.cloud.zookeeper.serviceregistry.ServiceInstanceRegistration;

public class Finding {
    public static void main(String[] args) {
        ServiceInstanceRegistration registration = ServiceInstanceRegistration.builder()
                .name("service")
                .address("127.0.0.1")
                .payload(new ZookeeperInstance("id", "service", new java.util.HashMap<>()))
                .build();
        System.out.println("before: " + registration.getPort());
        print("metadata before", () -> registration.getMetadata().put("key", "value"));
        registration.getServiceInstance();
        print("after", registration::getPort);
    }

    private static void print(String what, java.util.function.Supplier<?> value) {
        try {
            System.out.println(what + ": " + value.get());
        } catch (RuntimeException e) {
            System.out.println(what + ": " + e.getClass().getSimpleName());
        }
    }
}
JAVA
seen=$(java -cp 'jars/*' Finding.java 2>/dev/null)
echo "$seen"
grep -qx 'before: 0' <<<"$seen" && grep -qx 'metadata before: UnsupportedOperationException' <<<"$seen" \
  && grep -qx 'after: NullPointerException' <<<"$seen"
