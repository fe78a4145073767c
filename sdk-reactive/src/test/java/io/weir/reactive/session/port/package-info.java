@NullMarked
package io.weir.reactive.session.port;

import org.jspecify.annotations.NullMarked;
