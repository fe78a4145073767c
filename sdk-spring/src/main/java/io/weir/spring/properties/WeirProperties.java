package io.weir.spring.properties;

import io.weir.core.crypto.CipherSuite;
import io.weir.core.peer.PreferredInitiator;
import io.weir.reactive.NativeCipher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code weir.*}, as it is written; {@link NodeSettings} says what is legal. What is null has the default of Weir itself.
 *
 * @param enabled whether there is a node
 * @param identity who the node is
 * @param listen addresses to listen at, such as tcp://0.0.0.0:7400; port 0 takes a free one; none, and it only dials
 * @param peers peers to keep connected, by the names that clients know them by
 * @param admitted ids of the peers that may connect; none, and everyone who proves an identity may
 * @param networkKey secret of a closed network: 32 random bytes in base64, the same at all its nodes
 * @param cipher cipher to propose when dialling; AES-256-GCM unless it is said
 * @param nativeCipher whether native code may seal records; where its jar is present unless it is said
 * @param startTimeout how long the start of the node may take
 * @param stopGrace how long sessions may take to end in good order when the application stops; 0 to 1 h, within
 *     spring.lifecycle.timeout-per-shutdown-phase
 * @param limits bounds and times
 * @param windows memory that each stream, and the messages of each session, may use ahead of their consumer
 * @param policy how peers are kept connected
 * @param tcp what TCP sockets are made with
 * @param udp what sockets for datagrams are made with
 * @param workers threads that handlers may block, bounded; none, and it is those of Reactor for what blocks
 * @param discovery how the peers of services are found, where Spring Cloud tells who they are
 */
@ConfigurationProperties("weir")
public record WeirProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue Identity identity,
        @DefaultValue List<String> listen,
        @DefaultValue Map<String, Peer> peers,
        @DefaultValue List<String> admitted,
        @Nullable String networkKey,
        @Nullable CipherSuite cipher,
        @Nullable NativeCipher nativeCipher,
        @DefaultValue("60s") Duration startTimeout,
        @DefaultValue("20s") Duration stopGrace,
        @DefaultValue Limits limits,
        @DefaultValue Windows windows,
        @DefaultValue Policy policy,
        @DefaultValue Tcp tcp,
        @DefaultValue Udp udp,
        @DefaultValue Workers workers,
        @DefaultValue Discovery discovery) {

    @Override
    public String toString() {
        return "WeirProperties[listen=" + listen + ", peers=" + peers + "]"; // the network key is a secret
    }

    /**
     * Who the node is.
     *
     * @param location file with the identity, a Tink keyset in JSON; none, and each start has a new one
     * @param create whether to make that file, with a new identity, where there is none
     * @param keyLocation file with the key that opens the identity, an AEAD keyset of Tink in JSON; none, and it is in the clear
     */
    public record Identity(
            @Nullable Path location,
            @DefaultValue("false") boolean create,
            @Nullable Path keyLocation) {}

    /**
     * A peer to keep connected.
     *
     * @param addresses where it can be dialled, such as tcp://example.org:7400, at most 16; with its id behind a '#', nobody else is
     *     talked to there
     * @param id who it is, 43 characters; needs not be said where an address tells it
     * @param required whether the application's health is down while there is no session with it
     */
    public record Peer(
            @DefaultValue List<String> addresses,
            @Nullable String id,
            @DefaultValue("false") boolean required) {}

    /**
     * Bounds and times.
     *
     * @param maxSessions live sessions; 1 to 1,000,000, 10,000 unless it is said
     * @param maxSessionsPerAddress inbound sessions from one network address; 1 to 1,000,000, 256 unless it is said
     * @param maxHandshakes inbound handshakes in progress; 1 to 1,000,000, 1,024 unless it is said
     * @param handshakeTimeout from a connection to a session; 1 ms to 1 h, 10 s unless it is said
     * @param connectTimeout for looking up and connecting; 1 ms to 1 h, 10 s unless it is said
     * @param silenceLimit a peer that says nothing for so long is lost; 30 ms to 1 h, 15 s unless it is said
     * @param drainTimeout how long the end of a stream waits for the peer to consume; 1 ms to 1 h, 10 s unless it is said
     * @param openTimeout how long a stream may wait for the peer to allow it; 1 ms to 1 h, 30 s unless it is said
     * @param maxStreams streams that a peer may have open in one session; 1 to 1,000,000, 256 unless it is said
     * @param maxOpenedStreams streams that this node may have open in one session; 1 to 1,000,000, 4,096 unless it is said
     * @param maxPayload the largest element; 1 byte to 1 GB, 16 MB unless it is said
     * @param sessionMemory all windows of one session; from the initial window to 1 TB, 16 MB unless it is said
     * @param memory all that peers may make the node hold; from the session's to 1024 TB, an eighth of the heap unless it is said
     * @param sessionSendMemory what one session holds to send; 64 KB to 1 TB, 16 MB unless it is said
     * @param sendMemory what the node holds to send; from the session's to 1024 TB, an eighth of the heap unless it is said
     * @param maxHandled handlers that run at once; 1 to 1,000,000, 16,384 unless it is said
     * @param maxRequestsOutstanding own requests without an answer in one session; 1 to 65,535, 16,384 unless it is said
     * @param requestTimeout how long a request waits for its answer; 1 ms to 1 h, 30 s unless it is said
     * @param sessionWait how long a call waits for a session; 0 to 1 h, 10 s unless it is said
     * @param maxParallelDials dials at once; 1 to 10,000, 32 unless it is said
     * @param maxQuestionsPerSecond of the fast path, from one network; 10 to 100,000,000, 10,000 unless it is said
     * @param maxConnectsPerSecond inbound connections from one network; 1 to 1,000,000, 500 unless it is said
     * @param stallLimit a peer that takes nothing of what waits for it for so long is lost; 30 ms to 1 h, 30 s unless it is said
     * @param idleTimeout a session that nobody uses for so long is closed; 0 to 1 h, 0 (never) unless it is said
     */
    public record Limits(
            @Nullable Integer maxSessions,
            @Nullable Integer maxSessionsPerAddress,
            @Nullable Integer maxHandshakes,
            @Nullable Duration handshakeTimeout,
            @Nullable Duration connectTimeout,
            @Nullable Duration silenceLimit,
            @Nullable Duration drainTimeout,
            @Nullable Duration openTimeout,
            @Nullable Integer maxStreams,
            @Nullable Integer maxOpenedStreams,
            @Nullable DataSize maxPayload,
            @Nullable DataSize sessionMemory,
            @Nullable DataSize memory,
            @Nullable DataSize sessionSendMemory,
            @Nullable DataSize sendMemory,
            @Nullable Integer maxHandled,
            @Nullable Integer maxRequestsOutstanding,
            @Nullable Duration requestTimeout,
            @Nullable Duration sessionWait,
            @Nullable Integer maxParallelDials,
            @Nullable Integer maxQuestionsPerSecond,
            @Nullable Integer maxConnectsPerSecond,
            @Nullable Duration stallLimit,
            @Nullable Duration idleTimeout) {}

    /**
     * What may come ahead of its consumer.
     *
     * @param initial what each stream starts with; 1 KB to 16 MB, 64 KB unless it is said
     * @param request requests and one-way messages of one session; 64 KB to 16 MB, 1 MB unless it is said
     * @param reply replies of one session; 64 KB to 16 MB, 1 MB unless it is said
     */
    public record Windows(
            @Nullable DataSize initial,
            @Nullable DataSize request,
            @Nullable DataSize reply) {}

    /**
     * How peers are kept connected.
     *
     * @param initialDelay longest first delay before a lost peer is dialled again; 10 ms to 1 h, 500 ms unless it is said
     * @param factor what each further failure multiplies that by; 1 to 16, 2 unless it is said
     * @param longestDelay no delay is longer; from the initial one to 24 h, 30 s unless it is said
     * @param stableAfter a session that lived so long makes earlier failures forgotten; 100 ms to 24 h, 1 m unless it is said
     * @param maxAttempts failures in a row after which a peer is given up, 0 for never; 0 to 1,000,000, 0 unless it is said
     * @param maxElapsed time of failures after which a peer is given up, 0 for never; 0 to 365 days, 0 unless it is said
     * @param awaitInbound how long a peer that is to dial is awaited before this node does; 0 to 24 h, 10 s unless it is said
     * @param initiator who is to dial again what was lost; whoever dialled it unless it is said
     * @param transports which transports a peer with several addresses is dialled by first, as {@code quic, udp, tcp}; none is preferred
     *     unless it is said
     * @param fallbackFor how long an address that has failed comes behind the others, where transports are preferred; 0 to 24 h, 5 m
     *     unless it is said
     */
    public record Policy(
            @Nullable Duration initialDelay,
            @Nullable Double factor,
            @Nullable Duration longestDelay,
            @Nullable Duration stableAfter,
            @Nullable Integer maxAttempts,
            @Nullable Duration maxElapsed,
            @Nullable Duration awaitInbound,
            @Nullable PreferredInitiator initiator,
            @Nullable List<String> transports,
            @Nullable Duration fallbackFor) {}

    /**
     * What TCP sockets are made with.
     *
     * @param receiveBuffer what the system is asked to keep of what was not read; 4 KB to 1 GB, or 0, which leaves it to the system
     *     and is so unless it is said
     * @param sendBuffer what the system is asked to take of what the peer has not acknowledged; as the receive buffer
     * @param noDelay whether what is written goes at once; true unless it is said
     * @param backlog how many connections wait at a listener; 1 to 65,535, 4,096 unless it is said
     * @param keepAlive when the system asks silent peers; never, unless one of its properties is said
     */
    public record Tcp(
            @Nullable DataSize receiveBuffer,
            @Nullable DataSize sendBuffer,
            @Nullable Boolean noDelay,
            @Nullable Integer backlog,
            @DefaultValue KeepAlive keepAlive) {}

    /**
     * When the system asks a silent peer over TCP whether it is there: the nodes ask each other anyway.
     *
     * @param idle how long nothing has come before it asks; 1 s to 32,767 s, 2 h unless it is said
     * @param interval how long it waits for an answer before it asks again; 1 s to 32,767 s, 75 s unless it is said
     * @param probes how often it asks in vain before it gives up; 1 to 127, 9 unless it is said
     */
    public record KeepAlive(
            @Nullable Duration idle,
            @Nullable Duration interval,
            @Nullable Integer probes) {}

    /**
     * What sockets for datagrams are made with.
     *
     * @param receiveBuffer what the system is asked to keep of what was not read; 64 KB to 1 GB, 4 MB unless it is said
     * @param sendBuffer what the system is asked to take of what has not gone out; 64 KB to 1 GB, 4 MB unless it is said
     * @param maxDatagram no datagram is larger, without IP and UDP; 1,200 to 65,507 bytes, 1,472 unless it is said
     * @param datagramsPerSend datagrams to one peer that the system is given at once to cut apart; 1 to 64, 64 unless it is said
     * @param datagramsPerTurn datagrams that are read before the loop's other work has its turn; 1 to 4,096, 256 unless it is said
     * @param sockets how many a listener has at its port, each on an event loop of its own; 1 to 64, 1 unless it is said
     */
    public record Udp(
            @Nullable DataSize receiveBuffer,
            @Nullable DataSize sendBuffer,
            @Nullable DataSize maxDatagram,
            @Nullable Integer datagramsPerSend,
            @Nullable Integer datagramsPerTurn,
            @Nullable Integer sockets) {}

    /**
     * Threads that handlers may block, and what may wait for them.
     *
     * @param threads calls at a time; 1 to 65,536; there are no workers unless it is said
     * @param waiting calls that wait beside these, a session's at most a quarter, before requests are answered BUSY; 1 to 1,000,000,
     *     1,024 unless it is said
     * @param virtual whether each call has a virtual thread of its own, which wants a JDK of 21 or newer; false unless it is said
     */
    public record Workers(
            @Nullable Integer threads,
            @Nullable Integer waiting,
            @Nullable Boolean virtual) {}

    /**
     * How Spring Cloud is asked who the peers of a service are.
     *
     * @param enabled whether it is, and whether it is told of this node
     * @param register whether the application's registration says where its node is, and is made where there is no web server either
     * @param period how long after an answer the engine is asked again, at the latest; 1 s to 24 h, 10 s unless it is said
     * @param maxPeers peers of one service that are taken at most; 1 to 65,536, 1,024 unless it is said
     * @param port that of instances which do not say where their node listens; 1 to 65,535; 0, unless it is said, leaves them out
     */
    public record Discovery(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("true") boolean register,
            @Nullable Duration period,
            @Nullable Integer maxPeers,
            @Nullable Integer port) {}
}
