#nullable enable
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Linq.Expressions;
using System.Net;
using System.Net.Http;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using MemoryPack;

namespace Actors.Analyzers.Tests.Compared;

#pragma warning disable CS0649, CS0169, CS0067, CA1051, CA2211, CA1823, IDE0044, IDE0051, IDE0052, CA1815, CA1819
#pragma warning disable CA1002, CA1711, CA1032, CA1064, CA1708, CS9113

/// <summary>The type of each field is examined by the analyzer and by the check at run time.</summary>
public static class ComparedTypes
{
    public static int Number;
    public static nint Address;
    public static object? Anything;
    public static List<dynamic>? Dynamic;
    public static string[]? Words;
    public static Stream[]? Streams;
    public static int[,]? Matrix;
    public static object[][]? Jagged;
    public static int? Optional;
    public static DayOfWeek Day;
    public static (int A, string B) Pair;
    public static (int A, Stream B) PairWithStream;
    public static (int, int, int, int, int, int, int, Action) LongTuple;
    public static Tuple<int, Action>? OldTuple;
    public static KeyValuePair<string, Task>? Entry;
    public static List<List<Uri>>? Nested;
    public static Dictionary<string, ILookup<int, int>>? Lookups;
    public static IEnumerable<Thread>? Threads;
    public static IAsyncEnumerable<int>? Async;
    public static IQueryable<int>? Query;
    public static IEnumerable? OldSequence;
    public static Hashtable? Table;
    public static ConcurrentDictionary<int, FrozenSet<string>>? Concurrent;
    public static BlockingCollection<int>? Blocking;
    public static ImmutableDictionary<string, object>? Immutable;
    public static PriorityQueue<int, int>? Priority;
    public static Func<int>? Function;
    public static Delegate? AnyDelegate;
    public static Expression<Func<int>>? Tree;
    public static Type? Kind;
    public static MethodInfo? Method;
    public static FileStream? File;
    public static StringWriter? Writer;
    public static Task<int>? Pending;
    public static ValueTask Value;
    public static InvalidOperationException? Failure;
    public static UserException? OwnFailure;
    public static HttpClient? Client;
    public static IPEndPoint? Endpoint;
    public static IPAddress? Internet;
    public static Regex? Pattern;
    public static Encoding? Encoding;
    public static JsonElement Json;
    public static JsonSerializerOptions? JsonOptions;
    public static Process? Child;
    public static Stopwatch? Watch;
    public static Random? Chance;
    public static Lazy<int>? Later;
    public static SemaphoreSlim? Semaphore;
    public static CancellationToken Token;
    public static CancellationTokenSource? Source;
    public static Channel<int>? Channel;
    public static StringBuilder? Text;
    public static Memory<byte> Bytes;
    public static IDisposable? Resource;
    public static IServiceProvider? Services;
    public static Plain? Plain;
    public static PlainStruct Struct;
    public static PlainRecord? Record;
    public static Generic<Plain>? OfPlain;
    public static Generic<Stream>? OfStream;
    public static Grows<int>? Growing;
    public static Recursive? Recursive;
    public static Holder? Holder;
    public static WithEvent? Event;
    public static StoresParameter? StoresParameter;
    public static UsesParameter? UsesParameter;
    public static ShadowsParameter? ShadowsParameter;
    public static WithIgnored? Ignored;
    public static Inherited? Inherited;
    public static Abstract? Abstract;
    public static IUserInterface? Interface;
    public static Union? Union;
    public static BadUnion? BadUnion;
    public static OwnList? OwnList;
    public static OwnEncoding? OwnEncoding;
    public static Marked? Marked;
    public static WithCallback? Callback;
    public static WithPointer Pointer;
    public static WithBuffer Buffer;
    public static Inline Inline;
    public static Enclosing.Inner? Inner;
    public static Enclosing.InnerOf<Action>? InnerOfAction;
    public static ProcessPool? Pool;
    public static List<ProcessPool>? Pools;
    public static Manager? Manager;
    public static WorkerProcess? Worker;
    public static JobHandle<int>? Handle;
    public static ManagedQueue<int>? Queue;
    public static ManagedQueue<int>[]? Queues;
    public static ManagedLock? Mutex;
    public static ManagedValue<int>? Managed;
    public static ManagedDictionary<string, int>? ManagedTable;
    public static PoolOptions? Options;
    public static NotCarriedException? NotCarried;
}

public class Plain
{
    private readonly int _number;
    protected List<Plain>? Children;
    internal static Stream? Shared;
    public string Name { get; set; } = "";
    public Stream Computed => Stream.Null;
}

public struct PlainStruct
{
    public decimal Amount;
    public DateOnly Day;
}

public sealed record PlainRecord(int Id, Uri Link);

public class Generic<T>
{
    private T? _value;
}

public class Grows<T>
{
    private Grows<List<T>>? _next;
}

public class Recursive
{
    private Recursive? _next;
}

public class Holder
{
    private readonly Dictionary<string, Plain> _plain = [];
    private readonly Generic<HttpMessageHandler[]>? _deep;
    public int Count => _plain.Count + (_deep is null ? 0 : 1);
}

public class WithEvent
{
    public event EventHandler? Changed;
}

public class StoresParameter(HttpClient client)
{
    public Uri? Address() => client.BaseAddress;
}

public class UsesParameter(Stream data, HttpClient client, Timer timer)
{
    public long Length { get; } = data.Length;
    public string Name => nameof(client);
    public UserException Fail() => new() { Source = "", HelpLink = "" };
    private readonly string _timer = timer.ToString()!;
    public override string ToString() => _timer;

    public class Inner
    {
        public int client;
        public int Client => client;
    }
}

public class ShadowsParameter(Stream data)
{
    private readonly long _length = data.Length;
    public long Add(long data) => data + _length;
}

public class WithIgnored
{
    [NonSerialized]
    private Stream? _log;

    [field: NonSerialized]
    public event EventHandler? Changed;

    [field: NonSerialized]
    public Stream? Log { get; set; }
}

public class Inherited : Holder
{
    private readonly int _more;
}

public abstract class Abstract
{
    private readonly int _number;
}

public interface IUserInterface;

[MemoryPackUnion(0, typeof(Circle))]
[MemoryPackUnion(1, typeof(Square))]
public abstract class Union;

public sealed class Circle : Union
{
    public double Radius { get; set; }
}

public sealed class Square : Union
{
    public double Side { get; set; }
}

[MemoryPackUnion(0, typeof(Circle))]
[MemoryPackUnion(1, typeof(Bad))]
public abstract class BadUnion;

public sealed class Bad : BadUnion
{
    public Action? Act { get; set; }
}

public class OwnList : List<int>;

public class OwnEncoding : UTF8Encoding;

public class UserException : Exception;

[MemoryPackable(GenerateType.NoGenerate)]
public partial class Marked
{
    [MemoryPackIgnore]
    public Stream? Log { get; set; }

    [MemoryPackIgnore]
    private Action? _act;
}

[MemoryPackable(GenerateType.NoGenerate)]
public partial class WithCallback
{
    [MemoryPackOnDeserialized]
    private void Prepare()
    {
    }
}

public unsafe struct WithPointer
{
    public int* Place;
}

public unsafe struct WithBuffer
{
    public fixed byte Bytes[16];
}

[InlineArray(4)]
public struct Inline
{
    private int _first;
}

public static class Enclosing
{
    public class Inner
    {
        private Timer? _timer;
    }

    public class InnerOf<T>
    {
        private T? _value;
    }
}
