package io.weir.metrics;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.core.path.PathStats;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.SendTimes;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamStats;
import io.weir.reactive.Interaction;
import io.weir.reactive.MessageStats;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.SessionState;
import io.weir.reactive.codec.Codec;
import io.weir.test.TestNodes;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.time.Duration;
import reactor.core.publisher.Flux;

/** Brings every meter to be, with and without real nodes. */
final class EveryMeter {

    private EveryMeter() {}

    /** What a first node asks a second of one stream and one request. */
    static void use(TestNodes nodes) {
        nodes.session()
                .exchange("quotes", Flux.just("a"), Codec.utf8(), Codec.utf8())
                .subscribe();
        nodes.session().request("quotes", "", Codec.utf8(), Codec.utf8()).subscribe();
        nodes.advance(Duration.ofSeconds(1));
    }

    /** Tells everything that an observer can be told, of a peer, a session and a stream that nobody else knows. */
    static void make(WeirMetrics metrics) {
        NodeObserver observer = metrics.observer();
        PeerSession session = session(Identity.generate().peerId());
        PeerStream stream = stream(session, "quotes");
        for (ErrorCode code : ErrorCode.values()) {
            CloseReason reason = CloseReason.local(code);
            observer.onDial(new NodeObserver.Dial(1, PeerAddress.tcp("localhost", 1), 1, reason));
            observer.onHandshake(new NodeObserver.Handshake(
                    1, "tcp", InetSocketAddress.createUnresolved("x", 1), true, 1, null, reason));
            observer.onSessionReady(session);
            observer.onSessionEnded(session, reason);
            observer.onAsked(session, Done.of("x", code, 1, 1));
            observer.onAnswered(session, Done.of("x", code, 1, 1));
            for (Interaction.Kind kind : Interaction.Kind.values()) {
                observer.onRefused(session, kind, code);
            }
        }
        observer.onSessionReady(session);
        observer.onRecordSent(session, 1);
        observer.onRecordReceived(session, 1);
        observer.onRoundTrip(session, 1);
        observer.onHeartbeatsMissed(session, 1);
        observer.onPath(session, new PathStats(1, 1, 1, 1, 1, 1, 1, 1_200, 1));
        observer.onStreamOpened(stream);
        observer.onMemoryPromised(session, 1);
        for (NodeObserver.MemoryOf memory : NodeObserver.MemoryOf.values()) {
            observer.onMemoryWaited(session, memory, 1);
        }
        observer.onStreamEnded(stream, CloseReason.local(ErrorCode.NONE));
        observer.onSessionEnded(session, CloseReason.local(ErrorCode.NONE));
        observer.onMemoryPromised(session, -1);
    }

    static PeerSession session(PeerId peer) {
        return (PeerSession) Proxy.newProxyInstance(
                EveryMeter.class.getClassLoader(),
                new Class<?>[] {PeerSession.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "peer" -> peer;
                    case "transport" -> "tcp";
                    case "initiator" -> true;
                    case "state" -> SessionState.READY;
                    case "messageStats" -> new MessageStats(0, 0, 0, 0, 0, 0, 0, 0);
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    case "toString" -> "session with " + peer;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    static PeerStream stream(PeerSession session, String name) {
        return (PeerStream) Proxy.newProxyInstance(
                EveryMeter.class.getClassLoader(),
                new Class<?>[] {PeerStream.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "session" -> session;
                    case "name" -> name;
                    case "config" -> StreamConfig.reliable();
                    case "stats" -> new StreamStats(1, 1, 1, 1, 0, 0, false, 0, 0, 0, 1, 1, false, SendTimes.NONE);
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    case "toString" -> "stream " + name + " on " + session;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
