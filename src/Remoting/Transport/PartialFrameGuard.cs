using System.Buffers.Binary;
using DotNetty.Buffers;
using DotNetty.Common.Utilities;
using DotNetty.Transport.Channels;

namespace Actors.Remoting.Transport;

/// <summary>
/// Follows the frames of a connection before the decoder of the framework, which collects the bytes of a frame until it is complete. A
/// large frame that is not complete needs a reservation. All members belong to the thread of the socket.
/// </summary>
/// <param name="frames">The large frames of all connections.</param>
/// <param name="source">The IP address of the peer.</param>
/// <param name="longest">The length of the longest frame.</param>
public sealed class PartialFrameGuard(PartialFrames frames, LinkSource source, int longest) : ChannelHandlerAdapter
{
    private readonly byte[] _header = new byte[sizeof(int)];
    private int _headerBytes;
    private int _length;
    private int _left;
    private bool _hasArrived;
    private PartialFrame? _frame;
    private Action<bool> _onWaiting = _ => { };

    private bool IsWaiting => _frame is { HasRoom: false };

    /// <summary>Sets the action that stops or continues to read the connection. It is called at once if a frame waits.</summary>
    public void ObserveWaiting(Action<bool> onWaiting)
    {
        // The former action may have stopped the connection for a frame that has room meanwhile. Nobody else would continue to read it.
        _onWaiting(false);
        _onWaiting = onWaiting;
        if (IsWaiting)
            onWaiting(true);
    }

    /// <inheritdoc/>
    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        if (message is IByteBuffer buffer && !TryFollow(buffer.Array.AsSpan(buffer.ArrayOffset + buffer.ReaderIndex, buffer.ReadableBytes)))
        {
            ReferenceCountUtil.SafeRelease(message);
            context.CloseAsync();
            return;
        }

        context.FireChannelRead(message);
        if (_hasArrived)
            RemoveFrame();
        _hasArrived = false;
        if (_left > PartialFrames.SmallFrame && _frame is null && !context.Removed)
            AddFrame(context);
    }

    /// <summary>Stops the decoder, which reads the rest of a frame even if the connection must not be read.</summary>
    public override void Read(IChannelHandlerContext context)
    {
        if (!IsWaiting)
            context.Read();
    }

    /// <inheritdoc/>
    public override void ChannelInactive(IChannelHandlerContext context)
    {
        RemoveFrame();
        context.FireChannelInactive();
    }

    /// <inheritdoc/>
    public override void HandlerRemoved(IChannelHandlerContext context) => RemoveFrame();

    /// <summary>Follows the received bytes.</summary>
    /// <returns>False if a frame has no valid length.</returns>
    private bool TryFollow(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_left == 0)
            {
                if (!TryReadHeader(ref bytes))
                    return true;
                if (_length < 0 || _length > longest - sizeof(int))
                    return false;
                _left = _length;
            }

            var arrived = Math.Min(_left, bytes.Length);
            _left -= arrived;
            _hasArrived |= _left == 0;
            bytes = bytes[arrived..];
        }

        return true;
    }

    /// <returns>False if more bytes of the header follow.</returns>
    private bool TryReadHeader(ref ReadOnlySpan<byte> bytes)
    {
        if (_headerBytes == 0 && bytes.Length >= sizeof(int))
        {
            _length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            bytes = bytes[sizeof(int)..];
            return true;
        }

        var arrived = Math.Min(sizeof(int) - _headerBytes, bytes.Length);
        bytes[..arrived].CopyTo(_header.AsSpan(_headerBytes));
        bytes = bytes[arrived..];
        _headerBytes += arrived;
        if (_headerBytes < sizeof(int))
            return false;
        _headerBytes = 0;
        _length = BinaryPrimitives.ReadInt32LittleEndian(_header);
        return true;
    }

    private void AddFrame(IChannelHandlerContext context)
    {
        var loop = context.Channel.EventLoop;
        _frame = new PartialFrame(
            _length, source.Network, () => loop.Execute(() => _onWaiting(IsWaiting)), () => context.CloseAsync());
        if (!frames.TryAdd(_frame))
            _onWaiting(IsWaiting);
    }

    private void RemoveFrame()
    {
        if (_frame is not { } frame)
            return;
        _frame = null;
        frames.Remove(frame);
    }
}
