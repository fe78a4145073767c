package io.weir.reactive.session.setup;

import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import io.weir.reactive.session.Session;
import io.weir.reactive.session.SessionHost;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What connections ask the node on their way to a session, and tell it. Called on the connection's loop. */
public interface SetupHost extends SessionHost {

    /** Why an inbound session with this peer cannot be had now, or null. Asked before admission, which costs more. */
    @Nullable
    ErrorCode refusal(PeerId peer);

    /**
     * Takes a place for an inbound session that is admitted, before HELLO promises it to the peer: it is held until
     * {@link #onEnd}, or {@link #leavePlace} if the session never becomes ready.
     *
     * @return why there is none, or null
     */
    @Nullable
    ErrorCode takePlace();

    /** Gives back the place of a session that ended before it was ready. */
    void leavePlace();

    /**
     * A connection wants to be the session with its peer: of a dial once the peer has proved who it is, of an inbound one
     * once its peer is admitted and its HELLO was heard. The answer is {@link Contender#goOn} or {@link Contender#giveWay},
     * now or later.
     */
    void contend(Contender contender);

    /**
     * It would be ready now. Of a peer's contenders only one is told so until that one has ended.
     *
     * @return false if another one was faster: a dial is told whom to give way to, an inbound one contends again
     */
    boolean claim(Contender contender);

    /**
     * It ended before it was ready.
     *
     * @param instead is told, on any thread and maybe later, of the session with the peer that is ready; null if none is
     */
    void withdraw(Contender contender, Consumer<@Nullable Session> instead);

    /** It is ready, which {@link #onReady} and its setup have told: those that still contend are judged by that. */
    void prevailed(Contender contender);
}
