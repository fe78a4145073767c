package io.weir.samples.gateway;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The spans of one service, as they end. */
final class Spans implements SpanExporter {

    private static final int PATIENCE_SECONDS = 30;

    private final BlockingQueue<SpanData> ended = new LinkedBlockingQueue<>();

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        ended.addAll(spans);
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }

    /** The next one of that name. */
    SpanData next(String name) throws InterruptedException {
        List<String> others = new ArrayList<>();
        while (true) {
            SpanData span = ended.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (span == null) {
                throw new AssertionError("no span '" + name + "', but " + others);
            }
            if (span.getName().equals(name)) {
                return span;
            }
            others.add(span.getName());
        }
    }
}
