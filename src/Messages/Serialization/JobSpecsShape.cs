using Actors.Messages.Jobs;

namespace Actors.Messages.Serialization;

/// <summary>
/// The shape of the output of <see cref="JobSpecsFormatter"/>. A function follows the first job that refers to its number.
/// </summary>
internal sealed class JobSpecsShape(PackedShape function, PackedShape stored, PackedShape arguments) : PackedShape
{
    private const int BeforeFunction = sizeof(long);
    private const int AfterFunction = sizeof(long) + sizeof(int);

    public override int Smallest => sizeof(int);

    public override void CheckValue(ref PackedCursor cursor)
    {
        var count = cursor.ReadCount(BeforeFunction + sizeof(int) + AfterFunction + arguments.Smallest);
        if (count == PackedCursor.NullCollection)
            throw cursor.CreateMalformedException("A collection is missing.");
        var functions = 0;
        for (var i = 0; i < count; i++)
            CheckJob(ref cursor, ref functions);
    }

    private void CheckJob(ref PackedCursor cursor, ref int functions)
    {
        cursor.SkipBytes(BeforeFunction);
        var number = cursor.ReadInt32();
        var isStored = number < 0;
        number = isStored ? ~number : number;
        cursor.SkipBytes(AfterFunction);
        if (number > functions)
            throw cursor.CreateMalformedException($"A job calls function {number}, and {functions} were written.");
        if (number == functions)
        {
            function.CheckValue(ref cursor);
            functions++;
        }

        if (isStored)
            stored.CheckValue(ref cursor);
        arguments.CheckValue(ref cursor);
    }
}
