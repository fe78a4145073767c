package io.weir.spring.client;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.util.StringUtils;

/** Explains what is wrong with a client. */
final class InvalidClientFailureAnalyzer extends AbstractFailureAnalyzer<InvalidClientException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidClientException cause) {
        return new FailureAnalysis(
                StringUtils.capitalize(String.valueOf(cause.getMessage())) + ".",
                StringUtils.capitalize(cause.legal()) + ".",
                cause);
    }
}
