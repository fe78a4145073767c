package io.weir.spring.properties;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.core.crypto.CipherSuite;
import io.weir.core.identity.Identity;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PeerAddress;
import io.weir.core.peer.PreferredInitiator;
import io.weir.reactive.NativeCipher;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.node.NodeSpec;
import io.weir.reactive.transport.TcpKeepAlive;
import io.weir.reactive.transport.TcpOptions;
import io.weir.reactive.transport.UdpOptions;
import io.weir.spring.discovery.DiscoverySettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.convert.ApplicationConversionService;

class NodeSettingsTest {

    private static final String ID = Identity.generate().peerId().toString();

    @Test
    void withoutPropertiesEverythingIsAsWeirHasIt() {
        NodeSettings settings = settings();

        NodeSpec spec = (NodeSpec) settings.declareOn(NodeSpec.defaults());
        assertThat(spec.nodeLimits()).isEqualTo(NodeLimits.defaults());
        assertThat(spec.connectionPolicy()).isEqualTo(ConnectionPolicy.defaults());
        assertThat(spec.suite()).isEqualTo(NodeSpec.defaults().suite());
        assertThat(settings.listen()).isEmpty();
        assertThat(settings.peers().names()).isEmpty();
        assertThat(settings.startTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.stopGrace()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void everyLimitAndWindowHasAProperty() {
        NodeSpec spec = (NodeSpec) settings(
                        "weir.limits.max-sessions=11",
                        "weir.limits.max-sessions-per-address=12",
                        "weir.limits.max-handshakes=13",
                        "weir.limits.handshake-timeout=14s",
                        "weir.limits.connect-timeout=15s",
                        "weir.limits.silence-limit=16s",
                        "weir.limits.drain-timeout=17s",
                        "weir.limits.open-timeout=18s",
                        "weir.limits.max-streams=19",
                        "weir.limits.max-payload=20KB",
                        "weir.limits.session-memory=21MB",
                        "weir.limits.memory=22GB",
                        "weir.limits.session-send-memory=23MB",
                        "weir.limits.send-memory=24GB",
                        "weir.limits.max-handled=25",
                        "weir.limits.max-requests-outstanding=26",
                        "weir.limits.request-timeout=27s",
                        "weir.limits.session-wait=28s",
                        "weir.limits.max-parallel-dials=29",
                        "weir.limits.max-questions-per-second=33",
                        "weir.limits.max-connects-per-second=34",
                        "weir.limits.stall-limit=35s",
                        "weir.limits.idle-timeout=36s",
                        "weir.limits.max-opened-streams=37",
                        "weir.windows.initial=30KB",
                        "weir.windows.request=131KB",
                        "weir.windows.reply=132KB")
                .declareOn(NodeSpec.defaults());

        assertThat(spec.nodeLimits().toString())
                .isEqualTo(
                        "NodeLimits[maxSessions=11, maxSessionsPerAddress=12, maxHandshakes=13, handshakeTimeout=PT14S,"
                                + " connectTimeout=PT15S, silenceLimit=PT16S, drainTimeout=PT17S, openTimeout=PT18S, maxStreams=19, maxOpenedStreams=37,"
                                + " maxPayloadBytes=20480, initialWindowBytes=30720, sessionBudgetBytes=22020096,"
                                + " nodeBudgetBytes=23622320128, sessionSendBudgetBytes=24117248, nodeSendBudgetBytes=25769803776,"
                                + " maxHandled=25, maxRequestsOutstanding=26, requestWindowBytes=134144, replyWindowBytes=135168,"
                                + " requestTimeout=PT27S, sessionWait=PT28S, maxParallelDials=29, maxQuestionsPerSecond=33,"
                                + " maxConnectsPerSecond=34, stallLimit=PT35S, idleTimeout=PT36S]");
    }

    @Test
    void boundAndWhatLiesWithinItMayBothBeLoweredAndRaised() {
        assertThat(memory("weir.limits.memory=2MB", "weir.limits.session-memory=1MB"))
                .isEqualTo(2 << 20);
        assertThat(memory("weir.limits.session-memory=512GB", "weir.limits.memory=1TB"))
                .isEqualTo(1L << 40);
    }

    private static long memory(String... properties) {
        return ((NodeSpec) settings(properties).declareOn(NodeSpec.defaults()))
                .nodeLimits()
                .nodeBudgetBytes();
    }

    @Test
    void everyPartOfThePolicyHasAProperty() {
        NodeSpec spec = (NodeSpec) settings(
                        "weir.policy.initial-delay=40s",
                        "weir.policy.factor=3.5",
                        "weir.policy.longest-delay=42s",
                        "weir.policy.stable-after=43s",
                        "weir.policy.max-attempts=44",
                        "weir.policy.max-elapsed=45s",
                        "weir.policy.await-inbound=46s",
                        "weir.policy.initiator=lower-key",
                        "weir.policy.transports=quic,udp,tcp",
                        "weir.policy.fallback-for=47s")
                .declareOn(NodeSpec.defaults());

        assertThat(spec.connectionPolicy())
                .isEqualTo(ConnectionPolicy.defaults()
                        .withLongestDelay(Duration.ofSeconds(42))
                        .withInitialDelay(Duration.ofSeconds(40))
                        .withFactor(3.5)
                        .withStableAfter(Duration.ofSeconds(43))
                        .withMaxAttempts(44)
                        .withMaxElapsed(Duration.ofSeconds(45))
                        .withAwaitInbound(Duration.ofSeconds(46))
                        .withInitiator(PreferredInitiator.LOWER_KEY)
                        .withTransports("quic", "udp", "tcp")
                        .withFallbackFor(Duration.ofSeconds(47)));
    }

    @Test
    void everyOptionOfASocketHasAProperty() {
        NodeSpec spec = (NodeSpec) settings(
                        "weir.tcp.receive-buffer=50KB",
                        "weir.tcp.send-buffer=51KB",
                        "weir.tcp.no-delay=false",
                        "weir.tcp.backlog=52",
                        "weir.tcp.keep-alive.idle=53s",
                        "weir.tcp.keep-alive.interval=54s",
                        "weir.tcp.keep-alive.probes=55",
                        "weir.udp.receive-buffer=65KB",
                        "weir.udp.send-buffer=66KB",
                        "weir.udp.max-datagram=1300B",
                        "weir.udp.datagrams-per-send=57",
                        "weir.udp.datagrams-per-turn=58",
                        "weir.udp.sockets=5")
                .declareOn(NodeSpec.defaults());

        assertThat(spec.tcpOptions())
                .isEqualTo(new TcpOptions(
                        50 << 10,
                        51 << 10,
                        false,
                        52,
                        new TcpKeepAlive(Duration.ofSeconds(53), Duration.ofSeconds(54), 55)));
        assertThat(spec.udpOptions()).isEqualTo(new UdpOptions(65 << 10, 66 << 10, 1_300, 57, 58, 5));
    }

    @Test
    void onePartOfTheKeepAliveHasTheSystemsUsualOthers() {
        NodeSpec spec = (NodeSpec) settings("weir.tcp.keep-alive.probes=3").declareOn(NodeSpec.defaults());

        assertThat(spec.tcpOptions().keepAlive())
                .isEqualTo(new TcpKeepAlive(Duration.ofHours(2), Duration.ofSeconds(75), 3));
    }

    @Test
    void discoveryHasProperties() {
        assertThat(settings("weir.discovery.period=20s", "weir.discovery.max-peers=21", "weir.discovery.port=22")
                        .discovery())
                .isEqualTo(new DiscoverySettings(Duration.ofSeconds(20), 21, 22));
    }

    @Test
    void workersHavePropertiesAndThereAreNoneWithoutThreads() {
        assertThat(settings().workers()).isNull();
        assertThat(settings("weir.workers.threads=3").workers()).isEqualTo(new WorkerSettings(3, 1_024, false));
        assertThat(settings("weir.workers.threads=3", "weir.workers.waiting=4", "weir.workers.virtual=false")
                        .workers())
                .isEqualTo(new WorkerSettings(3, 4, false));
    }

    @Test
    void whatIsSaidOfWorkersIsCheckedWhereThereAreSome() {
        assertRefused(
                "weir.workers.waiting", "legal: 1 to 1000000", "weir.workers.waiting=0", "weir.workers.threads=1");
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_20)
    void virtualWorkersWantAJdkThatHasThem() {
        assertRefused(
                "weir.workers.virtual",
                "legal: false before JDK 21",
                "weir.workers.virtual=true",
                "weir.workers.threads=1");
    }

    private static void assertRefused(String property, String legal, String... properties) {
        InvalidConfigurationPropertyValueException thrown =
                catchThrowableOfType(InvalidConfigurationPropertyValueException.class, () -> settings(properties));
        assertThat(thrown.getName()).isEqualTo(property);
        assertThat(thrown.getReason()).contains(legal).endsWith(".");
    }

    @Test
    void addressesPeersCiphersAndKeysAreRead() {
        NodeSettings settings = settings(
                "weir.listen[0]=tcp://127.0.0.1:7400",
                "weir.listen[1]=udp://127.0.0.1:0",
                "weir.peers.prices.addresses=tcp://a:1,tcp://b:2",
                "weir.peers.prices.id=" + ID,
                "weir.peers.other.addresses=tcp://c:3#" + ID,
                "weir.cipher=chachapoly",
                "weir.native-cipher=refused",
                "weir.admitted=" + ID,
                "weir.network-key=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
                "weir.start-timeout=2m",
                "weir.stop-grace=0s");

        NodeSpec spec = (NodeSpec) settings.declareOn(NodeSpec.defaults());
        assertThat(settings.listen())
                .containsExactly(PeerAddress.tcp("127.0.0.1", 7400), PeerAddress.udp("127.0.0.1", 0));
        assertThat(settings.peers().names()).containsExactlyInAnyOrder("prices", "other");
        assertThat(spec.suite()).isEqualTo(CipherSuite.CHACHAPOLY);
        assertThat(spec.nativeUse()).isEqualTo(NativeCipher.REFUSED);
        assertThat(spec.psk()).isNotNull();
        assertThat(spec.peerAdmission()).isNotEqualTo(NodeSpec.defaults().peerAdmission());
        assertThat(settings.startTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.stopGrace()).isZero();
    }

    static Stream<Arguments> illegal() {
        return Stream.of(
                Arguments.of("weir.limits.max-sessions", "0", "legal: 1 to 1000000"),
                Arguments.of("weir.limits.silence-limit", "1ms", "legal: PT0.03S to PT1H"),
                Arguments.of("weir.limits.max-payload", "2GB", "legal: 1 to 1073741824"),
                Arguments.of("weir.limits.memory", "1KB", "legal: "),
                Arguments.of("weir.windows.initial", "1B", "legal: 1024 to 16777216"),
                Arguments.of("weir.windows.request", "1KB", "legal: 65536 to 16777216"),
                Arguments.of("weir.policy.factor", "17", "legal: 1.0 to 16.0"),
                Arguments.of("weir.policy.longest-delay", "25h", "PT24H"),
                Arguments.of("weir.policy.max-attempts", "-1", "legal: 0 to 1000000"),
                Arguments.of("weir.tcp.receive-buffer", "1KB", "legal: 0, which leaves it to the system, or 4096 to"),
                Arguments.of("weir.tcp.send-buffer", "2GB", "legal: 0, which leaves it to the system, or 4096 to"),
                Arguments.of("weir.tcp.backlog", "0", "legal: 1 to 65535"),
                Arguments.of("weir.tcp.keep-alive.idle", "0s", "legal: PT1S to PT9H6M7S"),
                Arguments.of("weir.tcp.keep-alive.interval", "10h", "legal: PT1S to PT9H6M7S"),
                Arguments.of("weir.tcp.keep-alive.probes", "128", "legal: 1 to 127"),
                Arguments.of("weir.udp.receive-buffer", "1KB", "legal: 65536 to 1073741824"),
                Arguments.of("weir.udp.send-buffer", "3GB", "legal: 65536 to 1073741824"),
                Arguments.of("weir.udp.max-datagram", "1KB", "legal: 1200 to 65507"),
                Arguments.of("weir.udp.datagrams-per-send", "65", "legal: 1 to 64"),
                Arguments.of("weir.udp.datagrams-per-turn", "0", "legal: 1 to 4096"),
                Arguments.of("weir.workers.threads", "0", "legal: 1 to 65536"),
                Arguments.of("weir.workers.waiting", "5", "none without weir.workers.threads"),
                Arguments.of("weir.workers.virtual", "true", "none without weir.workers.threads"),
                Arguments.of("weir.discovery.period", "1ms", "legal: PT1S to PT24H"),
                Arguments.of("weir.discovery.max-peers", "0", "legal: 1 to 65536"),
                Arguments.of("weir.discovery.port", "70000", "legal: 0 to 65535"),
                Arguments.of("weir.start-timeout", "0s", "legal: PT1S to PT1H"),
                Arguments.of("weir.stop-grace", "-1s", "legal: PT0S to PT1H"),
                Arguments.of("weir.listen", "localhost:7400", "must be scheme://host:port"),
                Arguments.of("weir.admitted", "somebody", "must have 43"),
                Arguments.of("weir.peers.prices.addresses", "tcp://a:0", "has port 0"),
                Arguments.of("weir.peers.prices.addresses", "tcp://a:70000", "must be 0..65535"),
                Arguments.of("weir.peers.prices.id", "somebody", "must have 43"),
                Arguments.of("weir.peers.prices.required", "true", "at least one of them must be"));
    }

    @ParameterizedTest(name = "{0}={1}")
    @MethodSource("illegal")
    void whatIsNotLegalIsToldWithPropertyValueAndRange(String property, String value, String legal) {
        InvalidConfigurationPropertyValueException thrown = catchThrowableOfType(
                InvalidConfigurationPropertyValueException.class, () -> settings(property + "=" + value));

        assertThat(property).startsWith(thrown.getName().replaceFirst("\\.addresses$", ""));
        assertThat(thrown.getValue()).isNotNull();
        assertThat(thrown.getReason()).contains(legal).endsWith(".");
    }

    @Test
    void networkKeyThatIsNoneIsNotShown() {
        SecretPropertyException thrown =
                catchThrowableOfType(SecretPropertyException.class, () -> settings("weir.network-key=c2VjcmV0"));

        assertThat(thrown).hasMessageContaining("32 random bytes").message().doesNotContain("c2VjcmV0");
        assertThat(new SecretPropertyFailureAnalyzer().analyze(thrown).getDescription())
                .contains("weir.network-key")
                .doesNotContain("c2VjcmV0");
    }

    private static NodeSettings settings(String... properties) {
        Map<String, String> all = new LinkedHashMap<>();
        Arrays.stream(properties)
                .forEach(each -> all.put(each.replaceFirst("=.*", ""), each.replaceFirst("[^=]*=", "")));
        WeirProperties bound = new Binder(
                        List.of(new MapConfigurationPropertySource(all)),
                        null,
                        ApplicationConversionService.getSharedInstance())
                .bindOrCreate("weir", WeirProperties.class);
        return NodeSettings.of(bound);
    }
}
