@NullMarked
package io.weir.reactive.session.carrier;

import org.jspecify.annotations.NullMarked;
