using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Actors.Messages.Storage;
using Actors.Messages.Values;

namespace Actors.Messages.Payloads;

/// <summary>
/// A shared value as this process has it: in a file that is mapped into memory when it is needed, and decoded at most once. Thread-safe.
/// </summary>
public sealed unsafe class SharedContent
{
    /// <summary>The alignment of array elements in the file.</summary>
    private const int Alignment = 16;

    private readonly Lock _access = new();
    private readonly string _path;
    private object? _value;
    private AttachedBlock? _block;

    /// <param name="id">The id of the value.</param>
    /// <param name="path">The file, which does not exist any more when the value was disposed.</param>
    public SharedContent(PayloadId id, string path) => (Id, _path) = (id, path);

    /// <param name="id">The id of the value.</param>
    /// <param name="path">The file for other processes.</param>
    /// <param name="value">The value. The process that shares it does not decode it.</param>
    public SharedContent(PayloadId id, string path, object value)
        : this(id, path) => _value = value;

    /// <summary>The id of the value.</summary>
    public PayloadId Id { get; }

    /// <summary>Encodes a value as the content of a file.</summary>
    /// <exception cref="NotCarriedException">The value cannot be carried, or holds a managed object or another shared value.</exception>
    public static byte[] Encode<T>(T value)
    {
        var encoded = ValueSerializer.ToBytes(value, out var references);
        if (references is not null)
        {
            throw new NotCarriedException(
                $"The shared value of type {TypeNames.GetFullName(typeof(T))} holds a managed object or another shared value. Pass these "
                + "as arguments of their own.");
        }

        // One byte with the number of bytes before the encoded value, so that the elements of an array, behind its length, are aligned.
        var padding = value is Array { Rank: 1 } ? -(1 + GetLengthSize(encoded.Span)) & (Alignment - 1) : 0;
        var content = GC.AllocateUninitializedArray<byte>(checked(1 + padding + encoded.Length));
        content[0] = (byte)padding;
        content.AsSpan(1, padding).Clear();
        encoded.Span.CopyTo(content.AsSpan(1 + padding));
        return content;
    }

    /// <summary>Gets the value; decodes it if this process has not done so.</summary>
    /// <exception cref="ObjectDisposedException">The value was disposed, or its pool has ended.</exception>
    public T GetValue<T>()
        where T : notnull
    {
        lock (_access)
        {
            _value ??= DecodeFile<T>();
            return (T)_value;
        }
    }

    /// <summary>
    /// Gets the elements of an array, without a copy of the file. They stay mapped as the memory of <see cref="AttachedBlock"/> does.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The value was disposed, or its pool has ended.</exception>
    public ReadOnlySpan<T> GetElements<T>()
        where T : unmanaged
    {
        lock (_access)
        {
            if (_value is T[] array)
                return array;
            if (!Items.IsBlock<T>())
                return GetValue<T[]>();
            _block ??= new AttachedBlock(OpenFile());
            var encoded = GetEncoded(new ReadOnlySpan<byte>(_block.PinMemory(), (int)_block.Length));
            return MemoryMarshal.Cast<byte, T>(encoded[GetLengthSize(encoded)..]);
        }
    }

    private T DecodeFile<T>()
        where T : notnull
    {
        using var block = OpenFile();
        return ValueSerializer.ReadValue<T>(GetEncoded(new ReadOnlySpan<byte>(block.Start, (int)block.Length)));
    }

    /// <summary>Gets the number of bytes of the length with which an encoded array begins: the last of them is less than 128.</summary>
    private static int GetLengthSize(ReadOnlySpan<byte> encoded) => encoded.IndexOfAnyInRange((byte)0, (byte)127) + 1;

    private static ReadOnlySpan<byte> GetEncoded(ReadOnlySpan<byte> content) => content[(1 + content[0])..];

    private MappedBlock OpenFile()
    {
        try
        {
            var file = PrivateFile.Open(
                _path,
                new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
            return MappedBlock.MapFile(file, file.Length, MemoryMappedFileAccess.Read);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ObjectDisposedException(
                "The shared value no longer exists: it was disposed, its pool has ended, or it did not arrive as an argument of a job. "
                + "Share it again, and pass it to the job.", exception);
        }
    }
}
