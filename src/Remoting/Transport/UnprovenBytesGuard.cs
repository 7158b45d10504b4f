using DotNetty.Buffers;
using DotNetty.Common.Utilities;
using DotNetty.Transport.Channels;

namespace Actors.Remoting.Transport;

/// <summary>
/// The first handler of a connection until its handshake has completed. It closes the connection if more bytes arrive than a handshake has.
/// Without it, the decoder of the framework would collect a frame of any announced length.
/// </summary>
/// <param name="limit">The limit of bytes.</param>
public sealed class UnprovenBytesGuard(int limit) : ChannelHandlerAdapter
{
    private int _left = limit;

    /// <inheritdoc/>
    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        if (message is IByteBuffer buffer && (_left -= buffer.ReadableBytes) < 0)
        {
            ReferenceCountUtil.SafeRelease(message);
            context.CloseAsync();
            return;
        }

        context.FireChannelRead(message);
    }
}
