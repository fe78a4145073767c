#!/usr/bin/env bash
# Closing one of Netty's DnsNameResolvers empties the DnsCache that it was given, for every other resolver that shares it.
#
# What happens: one DefaultDnsCache is given to two resolvers, as DnsNameResolverBuilder.resolveCache allows, and holds an
# answer with an hour to live. One of the resolvers is closed.
# Expected: a resolver does not own what it was handed, as it does not own its event loop, and the other one still finds the
# answer. Seen (Netty 4.2.18.Final, JDK 17):
#
#   answers kept before: 1
#   answers kept after one of two resolvers was closed: 0
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
  <dependencies>
    <dependency><groupId>io.netty</groupId><artifactId>netty-resolver-dns</artifactId><version>4.2.18.Final</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
POM
mvn -B -q -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars

cat >Finding.java <<'JAVA'
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.resolver.dns.DefaultDnsCache;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import java.net.InetAddress;

public class Finding {
    public static void main(String[] args) throws Exception {
        var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        var cache = new DefaultDnsCache();
        DnsNameResolver one = resolver(loops, cache);
        DnsNameResolver other = resolver(loops, cache);
        cache.cache("host.test.", null, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 3600, loops.next());
        System.out.println("answers kept before: " + kept(cache));
        one.close();
        System.out.println("answers kept after one of two resolvers was closed: " + kept(cache));
        other.close();
        loops.shutdownGracefully();
    }

    private static DnsNameResolver resolver(MultiThreadIoEventLoopGroup loops, DefaultDnsCache cache) {
        return new DnsNameResolverBuilder(loops.next())
                .datagramChannelType(NioDatagramChannel.class)
                .resolveCache(cache)
                .build();
    }

    private static int kept(DefaultDnsCache cache) {
        var entries = cache.get("host.test.", null);
        return entries == null ? 0 : entries.size();
    }
}
JAVA
seen=$(java -cp 'jars/*' Finding.java 2>/dev/null)
echo "$seen"
grep -qx 'answers kept before: 1' <<<"$seen" && grep -qx 'answers kept after one of two resolvers was closed: 0' <<<"$seen"
