/**
 * Messages: one-way messages, requests and their answers, beside the streams of a session. {@link
 * io.weir.core.message.MessageTable} is the machine; the other public types are what it takes and gives. PROTOCOL section
 * 4, "Messages", has the rules.
 */
@NullMarked
package io.weir.core.message;

import org.jspecify.annotations.NullMarked;
