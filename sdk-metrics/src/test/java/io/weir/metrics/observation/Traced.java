package io.weir.metrics.observation;

import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.weir.reactive.PeerNodeSpec;
import java.util.List;

/**
 * One node's observations: in a registry of its own, which validates that each is used as it must be (scopes closed in order, one
 * start, one stop), and behind it OpenTelemetry with what it exports.
 */
final class Traced {

    final TestObservationRegistry registry = TestObservationRegistry.create();
    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

    Traced() {
        this(W3CTraceContextPropagator.getInstance());
    }

    Traced(TextMapPropagator format) {
        Tracer tracer = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                .build()
                .get("test");
        OtelTracer bridge = new OtelTracer(tracer, new OtelCurrentTraceContext(), event -> {});
        OtelPropagator propagator = new OtelPropagator(ContextPropagators.create(format), tracer);
        registry.observationConfig()
                .observationHandler(new ObservationHandler.FirstMatchingCompositeObservationHandler(
                        new PropagatingSenderTracingObservationHandler<>(bridge, propagator),
                        new PropagatingReceiverTracingObservationHandler<>(bridge, propagator),
                        new DefaultTracingObservationHandler(bridge)));
    }

    PeerNodeSpec observe(PeerNodeSpec spec) {
        return WeirObservations.of(registry).observe(spec);
    }

    /** Requests, messages, streams and exchanges alone. */
    PeerNodeSpec intercept(PeerNodeSpec spec) {
        return spec.intercept(WeirObservations.of(registry).interceptor());
    }

    /** What has ended, in the order of ends. */
    List<SpanData> spans() {
        return exporter.getFinishedSpanItems();
    }

    List<String> names() {
        return spans().stream().map(SpanData::getName).toList();
    }
}
