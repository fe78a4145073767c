package io.weir.spring.properties;

import io.weir.core.identity.NetworkKey;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerAdmission;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.WantedPeer;
import io.weir.reactive.transport.TcpOptions;
import io.weir.reactive.transport.UdpOptions;
import io.weir.spring.discovery.DiscoverySettings;
import io.weir.spring.node.ConfiguredPeers;
import io.weir.spring.node.ConfiguredPeers.Configured;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * What {@code weir.*} means. Read once, as a whole: whatever is not legal is an {@link InvalidConfigurationPropertyValueException}
 * with the property, its value and what is legal, which Boot explains at the end of a start that fails.
 */
public final class NodeSettings {

    private static final Duration LONGEST_GRACE = Duration.ofHours(1);
    private static final Duration SHORTEST_START = Duration.ofSeconds(1);

    private final List<PeerAddress> listen;
    private final ConfiguredPeers peers;
    private final UnaryOperator<PeerNodeSpec> declared;
    private final DiscoverySettings discovery;
    private final @Nullable WorkerSettings workers;
    private final Duration startTimeout;
    private final Duration stopGrace;

    private NodeSettings(WeirProperties properties) {
        listen = parsed("weir.listen", properties.listen(), PeerAddress::parse);
        peers = new ConfiguredPeers(peers(properties.peers()));
        declared = declared(properties);
        discovery = discovery(properties.discovery());
        workers = WorkerSettings.of(properties.workers());
        startTimeout = within("weir.start-timeout", properties.startTimeout(), SHORTEST_START);
        stopGrace = within("weir.stop-grace", properties.stopGrace(), Duration.ZERO);
    }

    /** @throws InvalidConfigurationPropertyValueException for the first of them that is not legal */
    public static NodeSettings of(WeirProperties properties) {
        return new NodeSettings(properties);
    }

    /** Where it listens. */
    public List<PeerAddress> listen() {
        return listen;
    }

    /** Whom it keeps connected. */
    public ConfiguredPeers peers() {
        return peers;
    }

    /** How the peers of services are found. */
    public DiscoverySettings discovery() {
        return discovery;
    }

    /** The threads that handlers may block; null where there are none but Reactor's. */
    public @Nullable WorkerSettings workers() {
        return workers;
    }

    /** The specification with limits, policy, admission, ciphers and sockets. */
    public PeerNodeSpec declareOn(PeerNodeSpec spec) {
        return declared.apply(spec);
    }

    /** How long its start may take, 1 s to 1 h. */
    public Duration startTimeout() {
        return startTimeout;
    }

    /** How long its drain may take, 0 to 1 h. */
    public Duration stopGrace() {
        return stopGrace;
    }

    private static UnaryOperator<PeerNodeSpec> declared(WeirProperties properties) {
        NodeLimits limits = limits(properties.limits(), properties.windows());
        ConnectionPolicy policy = policy(properties.policy());
        NetworkKey key = networkKey(properties.networkKey());
        TcpOptions tcp = SocketSettings.tcp(properties.tcp());
        UdpOptions udp = SocketSettings.udp(properties.udp());
        List<PeerId> admitted = parsed("weir.admitted", properties.admitted(), PeerId::parse);
        return spec -> {
            PeerNodeSpec with = spec.limits(limits).connections(policy).tcp(tcp).udp(udp);
            with = admitted.isEmpty() ? with : with.admission(PeerAdmission.allowList(admitted));
            with = key == null ? with : with.networkKey(key);
            with = properties.cipher() == null ? with : with.cipher(properties.cipher());
            return properties.nativeCipher() == null ? with : with.nativeCipher(properties.nativeCipher());
        };
    }

    private static NodeLimits limits(WeirProperties.Limits of, WeirProperties.Windows windows) {
        String at = "weir.limits.";
        return new Applied<NodeLimits>()
                .with(at + "max-sessions", of.maxSessions(), NodeLimits::withMaxSessions)
                .with(
                        at + "max-sessions-per-address",
                        of.maxSessionsPerAddress(),
                        NodeLimits::withMaxSessionsPerAddress)
                .with(at + "max-handshakes", of.maxHandshakes(), NodeLimits::withMaxHandshakes)
                .with(at + "handshake-timeout", of.handshakeTimeout(), NodeLimits::withHandshakeTimeout)
                .with(at + "connect-timeout", of.connectTimeout(), NodeLimits::withConnectTimeout)
                .with(at + "silence-limit", of.silenceLimit(), NodeLimits::withSilenceLimit)
                .with(at + "drain-timeout", of.drainTimeout(), NodeLimits::withDrainTimeout)
                .with(at + "open-timeout", of.openTimeout(), NodeLimits::withOpenTimeout)
                .with(at + "max-streams", of.maxStreams(), NodeLimits::withMaxStreams)
                .with(at + "max-opened-streams", of.maxOpenedStreams(), NodeLimits::withMaxOpenedStreams)
                .with(at + "max-payload", of.maxPayload(), bytes(NodeLimits::withMaxPayloadBytes))
                .with(at + "session-memory", of.sessionMemory(), bytes(NodeLimits::withSessionBudgetBytes))
                .with(at + "memory", of.memory(), bytes(NodeLimits::withNodeBudgetBytes))
                .with(at + "session-send-memory", of.sessionSendMemory(), bytes(NodeLimits::withSessionSendBudgetBytes))
                .with(at + "send-memory", of.sendMemory(), bytes(NodeLimits::withNodeSendBudgetBytes))
                .with(at + "max-handled", of.maxHandled(), NodeLimits::withMaxHandled)
                .with(
                        at + "max-requests-outstanding",
                        of.maxRequestsOutstanding(),
                        NodeLimits::withMaxRequestsOutstanding)
                .with(at + "request-timeout", of.requestTimeout(), NodeLimits::withRequestTimeout)
                .with(at + "session-wait", of.sessionWait(), NodeLimits::withSessionWait)
                .with(at + "max-parallel-dials", of.maxParallelDials(), NodeLimits::withMaxParallelDials)
                .with(
                        at + "max-questions-per-second",
                        of.maxQuestionsPerSecond(),
                        NodeLimits::withMaxQuestionsPerSecond)
                .with(at + "max-connects-per-second", of.maxConnectsPerSecond(), NodeLimits::withMaxConnectsPerSecond)
                .with(at + "stall-limit", of.stallLimit(), NodeLimits::withStallLimit)
                .with(at + "idle-timeout", of.idleTimeout(), NodeLimits::withIdleTimeout)
                .with("weir.windows.initial", windows.initial(), bytes(NodeLimits::withInitialWindowBytes))
                .with("weir.windows.request", windows.request(), bytes(NodeLimits::withRequestWindowBytes))
                .with("weir.windows.reply", windows.reply(), bytes(NodeLimits::withReplyWindowBytes))
                .to(NodeLimits.defaults());
    }

    private static BiFunction<NodeLimits, DataSize, NodeLimits> bytes(BiFunction<NodeLimits, Long, NodeLimits> change) {
        return (limits, size) -> change.apply(limits, size.toBytes());
    }

    private static ConnectionPolicy policy(WeirProperties.Policy of) {
        String at = "weir.policy.";
        return new Applied<ConnectionPolicy>()
                .with(at + "initial-delay", of.initialDelay(), ConnectionPolicy::withInitialDelay)
                .with(at + "factor", of.factor(), ConnectionPolicy::withFactor)
                .with(at + "longest-delay", of.longestDelay(), ConnectionPolicy::withLongestDelay)
                .with(at + "stable-after", of.stableAfter(), ConnectionPolicy::withStableAfter)
                .with(at + "max-attempts", of.maxAttempts(), ConnectionPolicy::withMaxAttempts)
                .with(at + "max-elapsed", of.maxElapsed(), ConnectionPolicy::withMaxElapsed)
                .with(at + "await-inbound", of.awaitInbound(), ConnectionPolicy::withAwaitInbound)
                .with(at + "initiator", of.initiator(), ConnectionPolicy::withInitiator)
                .with(
                        at + "transports",
                        of.transports(),
                        (policy, schemes) -> policy.withTransports(schemes.toArray(String[]::new)))
                .with(at + "fallback-for", of.fallbackFor(), ConnectionPolicy::withFallbackFor)
                .to(ConnectionPolicy.defaults());
    }

    private static DiscoverySettings discovery(WeirProperties.Discovery of) {
        String at = "weir.discovery.";
        return new Applied<DiscoverySettings>()
                .with(at + "period", of.period(), DiscoverySettings::withPeriod)
                .with(at + "max-peers", of.maxPeers(), DiscoverySettings::withMaxPeers)
                .with(at + "port", of.port(), DiscoverySettings::withPort)
                .to(DiscoverySettings.defaults());
    }

    private static Map<String, Configured> peers(Map<String, WeirProperties.Peer> named) {
        Map<String, Configured> peers = new LinkedHashMap<>();
        named.forEach((name, peer) ->
                peers.put(name, new Configured(wanted("weir.peers." + name, peer), peer.required())));
        return peers;
    }

    private static WantedPeer wanted(String at, WeirProperties.Peer peer) {
        List<PeerAddress> addresses = parsed(at + ".addresses", peer.addresses(), PeerAddress::parse);
        String id = peer.id();
        PeerId expected = id == null
                ? null
                : parsed(at + ".id", List.of(id), PeerId::parse).get(0);
        try {
            return new WantedPeer(expected, addresses, null);
        } catch (IllegalArgumentException e) {
            throw Refusal.of(at + ".addresses", peer.addresses(), e);
        }
    }

    private static @Nullable NetworkKey networkKey(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return NetworkKey.of(Base64.getDecoder().decode(text.strip()));
        } catch (IllegalArgumentException e) {
            throw new SecretPropertyException(
                    "weir.network-key",
                    "legal: base64 of " + NetworkKey.LENGTH
                            + " random bytes, which are 44 characters, such as `openssl rand -base64 32` prints");
        }
    }

    private static Duration within(String property, Duration value, Duration least) {
        if (value.compareTo(least) < 0 || value.compareTo(LONGEST_GRACE) > 0) {
            throw Refusal.of(property, value, "it is " + value + "; legal: " + least + " to " + LONGEST_GRACE, null);
        }
        return value;
    }

    /** Of several, the one that is not legal is named with its place. */
    private static <T> List<T> parsed(String property, List<String> texts, Function<String, T> parser) {
        List<T> parsed = new ArrayList<>();
        for (String text : texts) {
            try {
                parsed.add(parser.apply(text.strip()));
            } catch (IllegalArgumentException e) {
                throw Refusal.of(property, text, e);
            }
        }
        return List.copyOf(parsed);
    }
}
