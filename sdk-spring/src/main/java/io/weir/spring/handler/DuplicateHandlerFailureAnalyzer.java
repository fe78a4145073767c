package io.weir.spring.handler;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.util.StringUtils;

/** Explains which two methods are for the same. */
final class DuplicateHandlerFailureAnalyzer extends AbstractFailureAnalyzer<DuplicateHandlerException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, DuplicateHandlerException cause) {
        return new FailureAnalysis(
                StringUtils.capitalize(String.valueOf(cause.getMessage())) + ".",
                "Take one of them away, or give it another name.",
                cause);
    }
}
