/**
 * Where payloads lie that SWF can't hold. Public: implement {@link PayloadStore} for another place.
 */
@org.jspecify.annotations.NullMarked
package io.pyflow.store;
