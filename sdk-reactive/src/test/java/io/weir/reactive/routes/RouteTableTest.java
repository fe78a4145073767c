package io.weir.reactive.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.Target;
import io.weir.reactive.PeerSession;
import io.weir.reactive.Routed;
import java.util.Random;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Sinks;

/** What follows from the order in which a node tells its sessions. */
class RouteTableTest {

    private final PeerId peer = Identity.generate(new Random(1)::nextBytes).peerId();
    private final Sinks.Many<PeerSession> sessions = Sinks.many().unicast().onBackpressureBuffer();
    private final RouteTable routes = new RouteTable(sessions.asFlux()).follow();

    @Test
    void aSessionThatIsToldAfterItsEndTakesTheRouteFromNone() {
        FakeSession older = new FakeSession(1, peer);
        FakeSession newer = new FakeSession(2, peer);
        sessions.tryEmitNext(newer.session);
        older.end();

        sessions.tryEmitNext(older.session);

        assertThat(routes.valid()).containsExactly(new Target(0));
        newer.end();
        assertThat(routes.valid()).isEmpty();
    }

    @Test
    void aLinkThatHasEndedIsNoRoute() {
        FakeSession ended = new FakeSession(1, peer);
        Route route = new Route(new Target(0), peer);
        RouteLink link = new RouteLink(route, ended.session, ended.stream, (end, loss) -> route.unlinked(end));
        link.open();
        ended.end();

        route.linked(link); // by the other of two threads that were told of the session

        assertThat(route.link()).isNull();
    }

    @Test
    void aReceiverThatHasLeftHoldsNothingOfLaterSessions() {
        BaseSubscriber<Routed> left = new BaseSubscriber<>() {};
        RouteMerge merge = new RouteMerge(left);
        RouteLink before = link(1);
        merge.add(before);
        assertThat(merge.inputs()).isEqualTo(1);

        merge.cancel();
        for (int i = 2; i < 10; i++) {
            merge.add(link(i));
        }

        assertThat(merge.inputs()).isZero();
    }

    private RouteLink link(long id) {
        FakeSession fake = new FakeSession(id, peer);
        return new RouteLink(new Route(new Target(0), peer), fake.session, fake.stream, (end, loss) -> {});
    }
}
