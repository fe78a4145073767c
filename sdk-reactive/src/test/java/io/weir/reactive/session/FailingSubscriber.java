package io.weir.reactive.session;

import io.weir.reactive.session.UserCode.Scene;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** A subscriber that throws out of one of its signals, as no operator of Reactor's keeps it from. */
final class FailingSubscriber<T> implements CoreSubscriber<T> {
    private final Scene scene;
    private final String where;

    private FailingSubscriber(Scene scene, String where) {
        this.scene = scene;
        this.where = where;
    }

    static <T> FailingSubscriber<T> of(Scene scene, String where) {
        return new FailingSubscriber<>(scene, where);
    }

    private void at(String signal) {
        if (where.equals(signal)) {
            scene.blow.strike();
        }
    }

    @Override
    public void onSubscribe(Subscription s) {
        at("onSubscribe");
        s.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(T value) {
        at("onNext");
    }

    @Override
    public void onError(Throwable e) {
        at("onError");
    }

    @Override
    public void onComplete() {
        at("onComplete");
    }
}
