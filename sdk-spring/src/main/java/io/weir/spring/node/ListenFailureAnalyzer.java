package io.weir.spring.node;

import io.weir.core.error.ListenException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains that the node's address is not to be had. */
final class ListenFailureAnalyzer extends AbstractFailureAnalyzer<ListenException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ListenException cause) {
        return new FailureAnalysis(
                "The Weir node cannot listen where the property 'weir.listen' has it: " + cause.getMessage() + ".",
                "End whoever listens there, or set weir.listen to other addresses of this machine: port 0 takes a free one.",
                cause);
    }
}
